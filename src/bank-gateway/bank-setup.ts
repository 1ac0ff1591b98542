import type { BankAdapter } from './bank-adapter.js';
import type { BankCredential } from './bank-gateway.port.js';
import type { BankLineSettings } from './bank-line.js';
import type { ApiKeySettings } from './http/api-key.js';
import type { BankHttpSettings } from './http/bank-http-client.js';
import type { GrantSettings } from './http/grants.js';
import type { RateLimiterSettings } from './http/rate-limiter.js';
import type { PermitLimits } from './permits/permit-limits.js';

/** Everything there is to know about one credential at one bank; made from configuration, and from what admins created. */
export interface BankSetup {
  readonly credential: BankCredential;
  readonly adapter: BankAdapter;
  /** An admin made it: its secrets are stored ones only, never the configuration's. */
  readonly isCreated?: true;
  readonly limits: PermitLimits;
  readonly http: BankHttpSettings;
  readonly limiter: RateLimiterSettings;
  readonly line: BankLineSettings;
  /** How calls prove who is calling: a token from the bank's authorization server, or a key it gave us. */
  readonly authorization:
    | { readonly by: 'token'; readonly grant: GrantSettings }
    | { readonly by: 'api_key'; readonly apiKey: ApiKeySettings };
}
