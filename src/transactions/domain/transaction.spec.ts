import * as fc from 'fast-check';
import { aMovement, happened } from '../../../test/support/a-transaction.js';
import { after } from '../../../test/support/given.js';
import { evolve, initialState } from './transaction.js';

const EVENTS = Object.values(happened).map((event) => event());

describe('following what happened', () => {
  it('never judges a history, however odd', () => {
    const histories = fc.array(fc.constantFrom(...EVENTS), { maxLength: 12 });

    fc.assert(
      fc.property(histories, (history) => {
        const state = after([happened.submitted(), ...history]);

        expect(state).toHaveProperty('status');
      }),
    );
  });

  it('ignores what comes before the submission', () => {
    for (const event of EVENTS.filter(({ type }) => type !== 'TransactionSubmitted.v1')) {
      expect(evolve(initialState, event)).toBe(initialState);
    }
  });

  it('counts every event, but asks do not make a new version', () => {
    const asked = [happened.submitted(), happened.askStarted(), happened.askAnswered()];

    expect(after(asked)).toMatchObject({ revision: 2, version: 0 });
    expect(after([...asked, happened.flagged()])).toMatchObject({ revision: 3, version: 3 });
  });

  it('collects each movement once', () => {
    const state = after([
      happened.submitted(),
      happened.flagged({ candidates: [aMovement(), aMovement({ movementKey: 'b' })] }),
      happened.bindingProposed({ movement: aMovement() }),
    ]);

    expect(state).toMatchObject({
      evidence: [{ movementKey: 'a'.repeat(32) }, { movementKey: 'b' }],
    });
  });

  it('clears the reason of a review when it is over', () => {
    const settled = after([happened.submitted(), happened.flagged(), happened.returnedToPending()]);

    expect(settled).toMatchObject({ status: 'pending', reviewReason: null });
  });
});
