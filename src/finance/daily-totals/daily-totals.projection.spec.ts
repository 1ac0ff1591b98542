import { aClaim, happened } from '../../../test/support/a-transaction.js';
import { compiled } from '../../../test/support/statements.js';
import { Log } from '../../../test/support/stored-events.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import {
  entryAfter,
  type DailyTotalEntry,
  type StoredTransactionEvent,
} from './daily-total-entry.js';
import { moveTotals } from './daily-totals.projection.js';

const entryOf = (...history: readonly TransactionEvent[]): DailyTotalEntry | null =>
  new Log()
    .all(history)
    .reduce<DailyTotalEntry | null>(
      (entry, event) => entryAfter(entry, event as StoredTransactionEvent),
      null,
    );

describe('adding a transaction to the totals', () => {
  const verified = happened.verified({ bankOn: '2026-03-11', bankAmountMinor: 11_990 });

  it.each<[string, readonly TransactionEvent[], Partial<DailyTotalEntry>]>([
    ['pending', [], { day: '2026-03-10', bank_minor: null, claimed_minor: 12_000n }],
    ['verified', [verified], { day: '2026-03-11', bank_minor: 11_990n, claimed_minor: 12_000n }],
    ['reversed', [verified, happened.reversed()], { day: '2026-03-11', bank_minor: 11_990n }],
    ['needs_review', [happened.flagged()], { day: '2026-03-10', bank_minor: null }],
    [
      'needs_review',
      [verified, happened.flagged({ reason: 'reversal_suspected' })],
      { day: '2026-03-11', bank_minor: 11_990n },
    ],
    [
      'needs_review',
      [verified, happened.flagged({ reason: 'reopened' })],
      { day: '2026-03-10', bank_minor: null },
    ],
    [
      'needs_review',
      [verified, happened.reversed(), happened.flagged({ reason: 'reopened' })],
      { day: '2026-03-11', bank_minor: 11_990n },
    ],
    ['rejected', [happened.rejected()], { day: '2026-03-10' }],
    ['expired', [happened.expired()], { day: '2026-03-10' }],
    ['cancelled', [happened.cancelled()], { day: '2026-03-10' }],
    ['pending', [happened.flagged(), happened.returnedToPending()], { day: '2026-03-10' }],
  ])('counts it as %s', (status, later, entry) => {
    expect(entryOf(happened.submitted(), ...later)).toMatchObject({ status, ...entry });
  });

  it('leaves it alone while the bank is asked', () => {
    const before = entryOf(happened.submitted());

    expect(entryOf(happened.submitted(), happened.askStarted(), happened.askAnswered())).toEqual(
      before,
    );
  });

  it('never adds a claim of a test key', () => {
    expect(entryOf(happened.submitted({ mode: 'test' }), happened.cancelled())).toBeNull();
  });
});

describe('moving the totals', () => {
  it('is one statement with one parameter', () => {
    const claim = aClaim();
    const entry: DailyTotalEntry = {
      transaction_id: claim.transactionId,
      merchant_id: claim.merchantId,
      day: '2026-03-10',
      currency: 'VES',
      status: 'pending',
      claimed_minor: 12_000n,
      bank_minor: null,
      paid_on: '2026-03-10',
      position: 137n,
    };

    const { sql, parameters } = compiled(moveTotals([entry]));

    expect(parameters).toHaveLength(1);
    expect(sql).toMatchInlineSnapshot(`
     "
     with incoming as (
       select * from jsonb_populate_recordset(
         null::"read"."daily_total_entry", $1::jsonb)
     ),
     previous as (
       select known.* from "read"."daily_total_entry" known
       join incoming using (transaction_id)
       where known.position < incoming.position
     ),
     written as (
       insert into "read"."daily_total_entry" as known
       select * from incoming
       on conflict (transaction_id) do update set
         day = excluded.day,
         status = excluded.status,
         paid_on = excluded.paid_on,
         claimed_minor = excluded.claimed_minor,
         bank_minor = excluded.bank_minor,
         position = excluded.position
       where known.position < excluded.position
       returning *
     ),
     moved as (
       select 1 as times, written.* from written
       union all
       select -1 as times, previous.* from previous
     )
     insert into "read"."daily_total" as total
       (merchant_id, day, currency, status, transactions, claimed_minor, bank_transactions, bank_minor)
     select
       merchant_id, day, currency, status,
       sum(times),
       sum(times * claimed_minor),
       coalesce(sum(times) filter (where bank_minor is not null), 0),
       coalesce(sum(times * bank_minor), 0)
     from moved
     group by merchant_id, day, currency, status
     on conflict (merchant_id, day, currency, status) do update set
       transactions = total.transactions + excluded.transactions,
       claimed_minor = total.claimed_minor + excluded.claimed_minor,
       bank_transactions = total.bank_transactions + excluded.bank_transactions,
       bank_minor = total.bank_minor + excluded.bank_minor"
    `);
  });
});
