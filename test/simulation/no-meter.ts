import { BankMeter } from '../../src/bank-gateway/http/bank-meter.js';

/** Nobody reads figures of virtual time. */
export class NoMeter extends BankMeter {
  attempt(): void {}
  error(): void {}
  rateLimitExceeded(): void {}
  permits(): void {}
  closed(): void {}
  circuitOpen(): void {}
}
