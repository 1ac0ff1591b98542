import type { BankAdapter } from './bank-adapter.js';
import type { BankCredential } from './bank-gateway.port.js';
import type { BankLineSettings } from './bank-line.js';
import type { BankHttpSettings } from './http/bank-http-client.js';
import type { GrantSettings } from './http/grants.js';
import type { RateLimiterSettings } from './http/rate-limiter.js';
import type { PermitLimits } from './permits/permit-limits.js';

/** Everything there is to know about one credential at one bank; made from configuration, used once at start. */
export interface BankSetup {
  readonly credential: BankCredential;
  readonly adapter: BankAdapter;
  readonly limits: PermitLimits;
  readonly http: BankHttpSettings;
  readonly limiter: RateLimiterSettings;
  readonly line: BankLineSettings;
  readonly grant: GrantSettings;
}
