import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { InMemoryPermitLog } from '../support/in-memory-permit-log.js';
import { SteppingClock } from '../support/stepping-clock.js';
import { TestClock } from '../support/test-clock.js';
import { CONTRACT_LIMITS, permitLogContract } from './permit-log.contract.js';

describe('the permit log in memory', () => {
  permitLogContract(() => {
    const clock = new TestClock();
    const database = new SteppingClock(clock);
    const limits = new PermitLimitsByCredential(CONTRACT_LIMITS);
    return Promise.resolve({
      log: new InMemoryPermitLog(limits, clock, database),
      elapse: (ms) => Promise.resolve(clock.advance(ms)),
      step: (ms) => Promise.resolve(database.step(ms)),
    });
  });
});
