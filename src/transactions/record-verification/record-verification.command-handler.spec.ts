import { aContext } from '../../../test/support/a-submission.js';
import {
  aMovement,
  anId,
  happened,
  minutesLater,
  SLOT,
  VISIBLE_WITHIN_MINUTES,
} from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { recorded } from '../../../test/support/recorded.js';
import { TestClock } from '../../../test/support/test-clock.js';
import { EventStoreCommandRunner } from '../../platform/event-store/event-store-command-runner.js';
import { transactionStream } from '../domain/transaction-id.js';
import { transactionEvents, type TransactionEvent } from '../events/transaction.event.js';
import { RecordVerification, type VerificationStep } from './record-verification.command.js';
import { RecordVerificationHandler } from './record-verification.command-handler.js';

const { answeredAt: _, ...answer } = happened.askAnswered().data;
const movement = aMovement();
const proposal = { proposalId: anId('proposal'), slot: SLOT, movement, askId: anId('ask') };
const startAsk: VerificationStep = {
  step: 'start_ask',
  ask: {
    askId: anId('ask'),
    credentialId: 'banesco',
    permitId: anId('permit'),
    askedOn: '2026-03-10',
    deadlineAt: minutesLater(VISIBLE_WITHIN_MINUTES + 3),
    asksSeen: 0,
  },
};

const world = async (...history: readonly TransactionEvent[]) => {
  const store = new InMemoryEventStore(transactionEvents);
  await recorded(store, history);
  const clock = new TestClock(minutesLater(VISIBLE_WITHIN_MINUTES + 2));
  const take = (step: VerificationStep) =>
    new RecordVerificationHandler(new EventStoreCommandRunner(store), clock).execute(
      new RecordVerification(anId('transaction'), step, aContext),
    );
  const types = async () =>
    (await store.readStream(transactionStream(anId('transaction')))).map(({ type }) => type);
  return { clock, take, types };
};

describe('taking the steps of a verification', () => {
  it('walks from the first ask to the verdict', async () => {
    const { take, types } = await world(happened.submitted());

    await take(startAsk);
    await take({ step: 'record_answer', answer: { ...answer, outcome: 'found', movements: 1 } });
    await take({ step: 'propose_binding', proposal });
    const { transaction } = await take({ step: 'confirm_binding', proposalId: anId('proposal') });

    expect(transaction).toMatchObject({ status: 'verified', held: { bankAmountMinor: 12_000 } });
    expect(await types()).toEqual([
      'TransactionSubmitted.v1',
      'AskStarted.v1',
      'AskAnswered.v1',
      'BindingProposed.v1',
      'TransactionVerified.v1',
    ]);
  });

  it.each<[string, VerificationStep, string]>([
    ['expires', { step: 'expire', because: anId('ask'), sweep: null }, 'expired'],
    [
      'flags',
      {
        step: 'flag_for_review',
        because: anId('ask'),
        flag: { reason: 'ambiguous_movements', candidates: [movement], note: null },
      },
      'needs_review',
    ],
    [
      'rejects',
      {
        step: 'reject_by_rule',
        because: anId('ask'),
        rule: { reason: 'claim_invalid', note: null },
      },
      'rejected',
    ],
  ])('%s by its own rule', async (_, step, status) => {
    const { take, types } = await world(happened.submitted());
    await take(startAsk);
    await take({ step: 'record_answer', answer });

    const first = await take(step);
    const again = await take(step);

    expect(first).toMatchObject({ appended: true, transaction: { status } });
    expect(again).toMatchObject({ appended: false, transaction: { status } });
    expect(await types()).toHaveLength(4);
  });

  it('refuses what a rule refuses', async () => {
    const { take } = await world(happened.submitted());

    await expect(take({ step: 'expire', because: anId('ask'), sweep: null })).rejects.toMatchObject(
      {
        rejection: { code: 'no_conclusive_answer' },
      },
    );
  });

  it('never takes one outcome of an ask for another', async () => {
    const { take, clock } = await world(happened.submitted());
    await take(startAsk);
    clock.advance(120_000);
    await take({ step: 'close_unanswered_ask', askId: anId('ask') });

    await expect(take({ step: 'record_answer', answer })).rejects.toMatchObject({
      rejection: { code: 'ask_not_open' },
    });
  });

  it('settles a refused binding', async () => {
    const { take } = await world(happened.submitted(), happened.bindingProposed());
    const holder = {
      transactionId: anId('holder'),
      merchantId: anId('merchant'),
      externalId: 'order-1',
    };

    const { transaction } = await take({
      step: 'refuse_binding',
      refusal: { proposalId: anId('proposal'), holder },
    });

    expect(transaction).toMatchObject({
      status: 'rejected',
      rejection: { reason: 'duplicate_of' },
    });
  });
});
