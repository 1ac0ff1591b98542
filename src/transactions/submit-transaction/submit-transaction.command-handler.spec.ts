import {
  aContext,
  aSubmission,
  KnownMerchants,
  KnownTerms,
} from '../../../test/support/a-submission.js';
import { anId, SUBMITTED_AT } from '../../../test/support/a-transaction.js';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { InMemoryVault } from '../../../test/support/in-memory-vault.js';
import { TestClock } from '../../../test/support/test-clock.js';
import { SystemRandomSource } from '../../kernel/ids.js';
import { EventStoreCommandRunner } from '../../platform/event-store/event-store-command-runner.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { MAX_OCCURRENCE, transactionIdOf, transactionStream } from '../domain/transaction-id.js';
import type { TransactionSubmitted } from '../events/transaction-submitted.event.js';
import { transactionCancelled } from '../events/transaction-cancelled.event.js';
import { transactionEvents } from '../events/transaction.event.js';
import { ClaimAdmission } from './claim-admission.js';
import { SubmitTransaction, type Submission } from './submit-transaction.command.js';
import { ClaimedKeys } from '../correct-transaction/claimed-keys.js';
import { ClaimStreams } from './claim-streams.js';
import { SubmitTransactionHandler } from './submit-transaction.command-handler.js';
import { eventToAppend } from '../../../test/support/event-to-append.js';

const DAY_MS = 86_400_000;
const terms = {
  leastReferenceDigits: 6,
  payerFields: ['phone'],
  visibleBy: (_: string, from: Date) => new Date(from.getTime() + DAY_MS),
} as const;

const world = () => {
  const store = new InMemoryEventStore(transactionEvents);
  const vault = new InMemoryVault();
  const merchants = new KnownMerchants();
  const metrics = new Metrics();
  const clock = new TestClock(new Date(SUBMITTED_AT));
  const admission = new ClaimAdmission(merchants, new KnownTerms(terms), vault, clock);
  // A runner of its own for each call: other instances of the service remember nothing of it.
  const submit = (over: Partial<Submission> = {}) => {
    const runner = new EventStoreCommandRunner(store);
    const keys = new ClaimedKeys(runner, clock);
    const streams = new ClaimStreams(runner, keys, new SystemRandomSource());
    return new SubmitTransactionHandler(admission, streams, metrics).execute(
      new SubmitTransaction(aSubmission(over), aContext),
    );
  };
  const end = (transactionId: string, revision = 0n) => {
    const data = { cancelledBy: 'api_key:1', reason: null, cancelledAt: SUBMITTED_AT };
    const metadata = {
      actor: 'api_key:1',
      requestId: 'r',
      $correlationId: 'r',
      $causationId: 'r',
      traceId: null,
      previousHash: null,
    };
    const event = eventToAppend({
      eventId: anId(`end ${transactionId}`),
      ...transactionCancelled(data),
      metadata,
    });
    return store.append(transactionStream(transactionId), revision, [event]);
  };
  return { store, vault, merchants, metrics, submit, end };
};

const refusal = (code: string, facts: object = {}) => ({
  name: 'RuleViolation',
  rejection: expect.objectContaining({ code, facts: expect.objectContaining(facts) }),
});

describe('submitting a claim', () => {
  it('writes it without reading anything', async () => {
    const { store, submit } = world();

    const { transaction, replayed } = await submit();

    expect(replayed).toBe(false);
    expect(store.reads).toBe(0);
    expect(transaction.claim).toMatchObject({
      transactionId: transactionIdOf(aSubmission(), 0),
      bank: '0134',
      credentialId: 'banesco',
      reference: '000683473078',
      visibleBy: '2026-03-11T14:00:00.000Z',
      matchUntil: '2026-04-09T14:00:00.000Z',
      submittedAt: SUBMITTED_AT,
    });
  });

  it('lets nothing of the payer into the event but masks and a box', async () => {
    const { store, submit } = world();
    const name = 'Ana Belén';
    const metadata = { table: 'seven' };
    const { transaction } = await submit({ payer: { ...aSubmission().payer, name, metadata } });

    const stored = await store.readStream(transactionStream(transaction.claim.transactionId));
    const [claim] = stored.map(({ data }) => data as TransactionSubmitted);

    expect(claim?.payer).toEqual({
      phoneMask: '*******67',
      documentMask: '*******78',
      nameMask: 'A*******',
      sealed: { keyId: expect.any(String), box: 'sealed' },
    });
    expect(JSON.stringify(claim)).not.toMatch(/4121234567|12345678|Belén|seven/);
  });

  it('answers the same content with the same transaction, on any instance', async () => {
    const { store, submit } = world();
    const first = await submit();

    const again = await submit({ reference: '683473078' });

    expect(again.replayed).toBe(true);
    expect(again.transaction).toEqual(first.transaction);
    const stream = transactionStream(first.transaction.claim.transactionId);
    expect(await store.readStream(stream)).toHaveLength(1);
  });

  it('keeps one of many that come at once', async () => {
    const { submit } = world();

    const taken = await Promise.all(Array.from({ length: 8 }, () => submit()));

    expect(taken.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(taken.map(({ transaction }) => transaction.claim.transactionId)).size).toBe(1);
  });

  it('tells other content under the same key apart, also by the sealed payer', async () => {
    const { submit } = world();
    const { transaction } = await submit();
    const facts = { transaction_id: transaction.claim.transactionId };

    await expect(submit({ amountMinor: 12_001 })).rejects.toMatchObject(
      refusal('duplicate_reference', facts),
    );
    await expect(
      submit({ payer: { ...aSubmission().payer, phone: '+584121234568' } }),
    ).rejects.toMatchObject(refusal('duplicate_reference', facts));
  });

  it('takes an erased payer for any', async () => {
    const { submit, vault } = world();
    const { transaction } = await submit();
    await vault.erase([transaction.claim.payer.sealed?.keyId ?? '']);

    const again = await submit({ payer: { ...aSubmission().payer, phone: '+584121234568' } });

    expect(again.replayed).toBe(true);
  });

  it('takes the next occurrence after a cancelled one, and then keeps to it', async () => {
    const { submit, end } = world();
    const { transaction } = await submit();
    await end(transaction.claim.transactionId);

    const second = await submit();
    const again = await submit();

    expect(second.replayed).toBe(false);
    expect(second.transaction.claim).toMatchObject({
      occurrence: 1,
      transactionId: transactionIdOf(aSubmission(), 1),
    });
    expect(again).toEqual({ ...second, replayed: true });
  });

  it('stops counting occurrences somewhere', async () => {
    const { submit, end } = world();
    for (let n = 0; n <= MAX_OCCURRENCE; n += 1) {
      const { transaction } = await submit();
      await end(transaction.claim.transactionId);
    }

    await expect(submit()).rejects.toMatchObject(refusal('too_many_occurrences'));
  });

  it('takes another payment with the same key when it is said to be distinct', async () => {
    const { submit } = world();
    const { transaction } = await submit();
    const distinctFrom = transaction.claim.transactionId;

    const other = await submit({ distinctFrom, amountMinor: 5 });
    const again = await submit({ distinctFrom, amountMinor: 5 });

    expect(other.transaction.claim).toMatchObject({ occurrence: 1, amountMinor: 5 });
    expect(again).toEqual({ ...other, replayed: true });
  });

  it('refuses to be distinct from what does not exist or has another key', async () => {
    const { submit } = world();
    const { transaction } = await submit();

    await expect(submit({ distinctFrom: transactionIdOf(aSubmission(), 1) })).rejects.toMatchObject(
      refusal('distinct_from_unrelated'),
    );
    await expect(
      submit({ distinctFrom: transaction.claim.transactionId, reference: '111111' }),
    ).rejects.toMatchObject(refusal('distinct_from_unrelated'));
  });

  it('keeps a rehearsal apart from the payment', async () => {
    const { submit } = world();

    const live = await submit();
    const test = await submit({ mode: 'test' });

    expect(test.replayed).toBe(false);
    expect(test.transaction.claim.transactionId).not.toBe(live.transaction.claim.transactionId);
  });

  it('counts what it took, and no repeat', async () => {
    const { submit, metrics } = world();
    await submit();
    await submit();

    const { values } = await metrics.transactionsTotal.get();

    expect(values).toEqual([
      { labels: { status: 'pending', bank: '0134', type: 'payment' }, value: 1 },
    ]);
  });
});

describe('refusing a claim that no bank could be asked about', () => {
  it.each([
    [{ receivingAccountId: anId('nobody') }, 'receiving_account_unknown', {}],
    [{ receivingAccountId: anId('another account') }, 'receiving_account_unknown', {}],
    [{ merchantId: anId('nobody') }, 'merchant_suspended', {}],
    [{ reference: '12345' }, 'reference_too_short', { least_digits: 6 }],
    [{ payer: { ...aSubmission().payer, phone: null } }, 'payer_incomplete', { missing: 'phone' }],
  ])('answers %j with %s', async (over, code, facts) => {
    const { submit } = world();

    await expect(submit(over)).rejects.toMatchObject(refusal(code, facts));
  });

  it('refuses a bank that is not served', async () => {
    const { submit, merchants } = world();
    const account = merchants.accounts.get(anId('account'));
    if (account !== undefined)
      merchants.accounts.set(anId('account'), { ...account, bank: '0102' });

    await expect(submit()).rejects.toMatchObject(refusal('bank_not_served'));
  });

  it('refuses a Pago Móvil to an account that another of its credential shadows', async () => {
    const { submit, merchants } = world();
    const account = merchants.accounts.get(anId('account'));
    if (account !== undefined) {
      merchants.accounts.set(anId('account'), { ...account, receivesPagoMovil: false });
    }

    await expect(submit()).rejects.toMatchObject(refusal('pago_movil_not_received'));
    const { transaction } = await submit({ kind: 'transfer' });
    expect(transaction.claim).toMatchObject({ kind: 'transfer' });
  });

  it('refuses a suspended merchant', async () => {
    const { submit, merchants } = world();
    const merchant = merchants.merchants.get(anId('merchant'));
    if (merchant !== undefined) {
      merchants.merchants.set(anId('merchant'), { ...merchant, suspended: true });
    }

    await expect(submit()).rejects.toMatchObject(refusal('merchant_suspended'));
  });
});
