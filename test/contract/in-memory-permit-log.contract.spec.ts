import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { InMemoryPermitLog } from '../support/in-memory-permit-log.js';
import { TestClock } from '../support/test-clock.js';
import { CONTRACT_LIMITS, permitLogContract } from './permit-log.contract.js';

describe('the permit log in memory', () => {
  permitLogContract(() => {
    const clock = new TestClock();
    const log = new InMemoryPermitLog(new PermitLimitsByCredential(CONTRACT_LIMITS), clock);
    return Promise.resolve({ log, elapse: (ms) => Promise.resolve(clock.advance(ms)) });
  });
});
