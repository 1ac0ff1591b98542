import * as fc from 'fast-check';
import { aMovement, happened } from '../../../test/support/a-transaction.js';
import { after } from '../../../test/support/given.js';
import { evolve, initialState, type Transaction } from './transaction.js';

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
    const begins = new Set(['TransactionSubmitted.v1', 'NaturalKeyReserved.v1']);
    for (const event of EVENTS.filter(({ type }) => !begins.has(type))) {
      expect(evolve(initialState, event)).toBe(initialState);
    }
  });

  it('is no transaction where only a key is reserved', () => {
    const reserved = happened.keyReserved();

    expect(evolve(initialState, reserved)).toEqual({ status: 'none', reservation: reserved.data });
    const submitted = evolve(initialState, happened.submitted());
    expect(evolve(submitted, reserved)).toBe(submitted);
  });

  it('has the corrected words, and keeps in mind every key that sealed the payer', () => {
    const payer = (keyId: string) => ({
      phoneMask: null,
      documentMask: null,
      nameMask: null,
      sealed: { keyId, box: 'box' },
    });
    const state = [
      happened.submitted({ payer: payer('first') }),
      happened.askAnswered(),
      happened.flagged(),
      happened.corrected({ payer: payer('second'), amountMinor: 1 }),
    ].reduce<Transaction>(evolve, initialState);

    expect(state).toMatchObject({
      status: 'pending',
      reviewReason: null,
      corrections: 1,
      payerKeyIds: ['first', 'second'],
      asks: { notVisible: null },
      claim: { amountMinor: 1, reference: '000683473079', paidOn: '2026-03-09' },
    });
  });

  it('stays expired when it is corrected then, so that a verdict is late', () => {
    const history = [happened.submitted(), happened.expired(), happened.corrected()];

    expect(history.reduce<Transaction>(evolve, initialState)).toMatchObject({ status: 'expired' });
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
