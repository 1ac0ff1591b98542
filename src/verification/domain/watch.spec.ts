import { aMovement, anId, happened, SLOT } from '../../../test/support/a-transaction.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import { released, watch, type Watch } from './watch.js';

const after = (...history: readonly TransactionEvent[]): Watch => {
  const state = [happened.submitted(), ...history].reduce<Watch | null>(watch, null);
  if (state === null) throw new Error('a submitted transaction is watched');
  return state;
};

const owed = {
  proposalId: anId('proposal'),
  slot: SLOT,
  movementKey: aMovement().movementKey,
  reason: 'the wrong customer',
  releasedBy: 'user:1',
};

const taken = [happened.bindingProposed(), happened.verified()];
const reopened = happened.flagged({
  reason: 'reopened',
  note: 'the wrong customer',
  flaggedBy: 'user:1',
});

describe('watching a transaction', () => {
  it('says nothing of events whose transaction it does not know', () => {
    expect(watch(null, happened.askStarted())).toBeNull();
  });

  it('keeps nothing personal', () => {
    const { phoneMask } = happened.submitted().data.payer;
    const text = JSON.stringify(after());
    expect(text).not.toContain('payer');
    expect(text).not.toContain(phoneMask);
  });

  it('is plain JSON', () => {
    const state = after(happened.askStarted(), happened.askAnswered(), happened.bindingProposed());
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('counts every ask that was announced', () => {
    const state = after(
      happened.askStarted(),
      happened.askAnswered({ outcome: 'unavailable' }),
      happened.askStarted(),
    );
    expect(state).toMatchObject({ asksStarted: 2, conclusive: 0, failures: 1 });
  });

  it('keeps an ask open until it is answered', () => {
    expect(after(happened.askStarted()).openAsk).toEqual({
      askId: anId('ask'),
      askedOn: '2026-03-10',
      deadlineAt: happened.askStarted().data.deadlineAt,
    });
    expect(after(happened.askStarted(), happened.askAnswered()).openAsk).toBeNull();
  });

  it('counts a neighbouring day apart from the claimed one', () => {
    const state = after(happened.askStarted({ askedOn: '2026-03-11' }), happened.askAnswered());
    expect(state).toMatchObject({ conclusive: 0, neighbours: ['2026-03-11'] });
  });

  it('keeps a proposal open until it is resolved', () => {
    expect(after(happened.bindingProposed()).openProposal).toMatchObject({
      proposalId: anId('proposal'),
      slot: SLOT,
    });
    expect(after(...taken).openProposal).toBeNull();
    expect(after(happened.bindingProposed(), happened.bindingRefused()).openProposal).toBeNull();
  });

  it('remembers what was once proposed', () => {
    const state = after(happened.bindingProposed(), happened.bindingRefused());
    expect(state.lastProposed).toEqual(aMovement());
  });
});

describe('owing a slot its movement back', () => {
  it('owes it when a person takes the verdict back', () => {
    expect(after(...taken, reopened)).toMatchObject({ held: null, owedReleases: [owed] });
  });

  it('owes nothing for a suspected reversal, which keeps its movement', () => {
    const state = after(...taken, happened.flagged({ reason: 'reversal_suspected' }));
    expect(state.owedReleases).toEqual([]);
    expect(state.held).toMatchObject({ slot: SLOT });
  });

  it('owes nothing for a reversal that was none', () => {
    expect(after(...taken, happened.reversed(), reopened).owedReleases).toEqual([]);
  });

  it('owes nothing for a refusal that is taken back', () => {
    expect(after(happened.rejected(), reopened).owedReleases).toEqual([]);
  });

  it('owes nothing once the slot has let go', () => {
    expect(released(after(...taken, reopened), owed).owedReleases).toEqual([]);
  });

  it('still owes it when the slot let go of another movement', () => {
    const state = released(after(...taken, reopened), { ...owed, movementKey: 'b'.repeat(32) });
    expect(state.owedReleases).toEqual([owed]);
  });

  it('owes nothing once the same movement verified it again', () => {
    const again = anId('proposal 2');
    const state = after(
      ...taken,
      reopened,
      happened.bindingProposed({ proposalId: again }),
      happened.verified({ proposalId: again }),
    );
    expect(state.owedReleases).toEqual([]);
  });

  it('still owes it when another movement verified it', () => {
    const state = after(
      ...taken,
      reopened,
      happened.bindingProposed(),
      happened.verified({ movementKey: 'b'.repeat(32) }),
    );
    expect(state.owedReleases).toEqual([owed]);
  });

  it('owes each of two that were taken back before the slot of the first let go', () => {
    const other = happened.verified({ proposalId: anId('p 2'), movementKey: 'b'.repeat(32) });
    const state = after(...taken, reopened, happened.bindingProposed(), other, reopened);

    expect(state.owedReleases.map(({ movementKey }) => movementKey)).toEqual([
      owed.movementKey,
      'b'.repeat(32),
    ]);
    expect(released(state, owed).owedReleases).toHaveLength(1);
  });
});

describe('following a correction', () => {
  const { correctedAt, visibleBy } = happened.corrected().data;

  it('begins anew with the new words', () => {
    const state = after(
      happened.askStarted(),
      happened.askAnswered(),
      happened.flagged(),
      happened.corrected(),
    );

    expect(state).toMatchObject({
      standing: 'pending',
      claim: { reference: '000683473079', paidOn: '2026-03-09', visibleBy },
      conclusive: 0,
      countedFrom: correctedAt,
      wordsSince: correctedAt,
      asksStarted: 1,
      requestedAt: null,
    });
  });

  it('forgets what fitted the former words', () => {
    const history = [happened.bindingProposed(), happened.bindingRefused(), happened.corrected()];

    expect(after(...history).lastProposed).toBeNull();
  });

  it('asks about an expired claim at once', () => {
    expect(after(happened.expired(), happened.corrected())).toMatchObject({
      standing: 'expired',
      requestedAt: correctedAt,
    });
  });
});

describe('following the wish to be asked now', () => {
  it('holds until the next ask begins', () => {
    const wish = happened.verificationRequested();

    expect(after(wish).requestedAt).toBe(wish.data.requestedAt);
    expect(after(wish, happened.askStarted()).requestedAt).toBeNull();
  });
});
