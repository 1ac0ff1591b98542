// Every recorded event of an account's sweeps, decided once more; `log verify` compares the two.
import { assertNever } from '../../kernel/assert.js';
import type { Decision } from '../../kernel/rejection.js';
import type { Retrial } from '../../kernel/retrial.js';
import type { SweepEvent } from '../record-sweep/sweep.event.js';
import { recordSweep, startSweep, type Sweeps } from './sweeps.js';

/** Decides a recorded event of an account's sweeps once more. */
export const retrySweeps: Retrial<Sweeps, SweepEvent> = ({
  before,
  event,
}): Decision<SweepEvent> => {
  const { data, type } = event;
  switch (type) {
    case 'SweepStarted.v1': {
      const { startedAt, ...sweep } = data;
      return startSweep(before, sweep, new Date(startedAt));
    }
    case 'SweepAnswered.v1': {
      const { answeredAt, ...answer } = data;
      return recordSweep(before, answer, new Date(answeredAt));
    }
    default:
      return assertNever(type, 'an event of sweeps');
  }
};
