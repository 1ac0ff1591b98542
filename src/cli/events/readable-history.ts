import { formatMinor, type Currency } from '../../kernel/money.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { evolve, initialState, type Transaction } from '../../transactions/domain/transaction.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import { historyOf } from '../../transactions/get-transaction-events/transaction-history.js';

const INDENT = '      ';

/** What happened to a transaction, for a person to read from top to bottom; nothing in it is personal. */
export function readableHistory(events: readonly (StoredEvent & TransactionEvent)[]): string {
  const { data } = historyOf(events);
  const lines = data.flatMap(({ version, event, occurred_at: at, actor, details }, index) => {
    const stored = events[index];
    const before = events[index - 1];
    const after = before === undefined ? '' : `  ${sinceText(before, stored)}`;
    const told = Object.entries(details).filter(([, value]) => value !== null);
    return [
      `${String(version).padStart(4)}  ${at}${after}  ${event}  by ${actor}${brokenText(before, stored)}`,
      ...(told.length === 0
        ? []
        : [`${INDENT}${told.map(([name, value]) => `${name} ${value}`).join(', ')}`]),
    ];
  });
  return [headOf(events), ...lines].join('\n');
}

/** Which payment it is and where it stands. */
function headOf(events: readonly TransactionEvent[]): string {
  const state = events.reduce<Transaction>(evolve, initialState);
  if (state.status === 'none') return 'Not a transaction: its key belongs to a corrected claim.';
  const { claim, status, reviewReason, rejection } = state;
  const why = reviewReason ?? rejection?.reason;
  const currency = claim.currency as Currency;
  const amount = `${formatMinor(BigInt(claim.amountMinor), currency)} ${currency}`;
  return [
    `${claim.transactionId}: ${status}${why === undefined ? '' : ` (${why})`}`,
    `${claim.kind} of ${amount} on ${claim.paidOn} from bank ${claim.originBank} to ${claim.bank}, ` +
      `reference ${claim.reference}, order ${claim.externalId}, merchant ${claim.merchantId}`,
  ].join('\n');
}

const STEPS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
  [1, 'ms'],
] as const;

function sinceText(before: StoredEvent, event: StoredEvent | undefined): string {
  const ms = (event?.recordedAt.getTime() ?? 0) - before.recordedAt.getTime();
  const [size, unit] = STEPS.find(([step]) => ms >= step) ?? [1, 'ms'];
  return `+${Math.floor(ms / size)} ${unit}`;
}

const brokenText = (before: StoredEvent | undefined, event: StoredEvent | undefined): string =>
  event === undefined || event.metadata.previousHash === (before?.hash ?? null)
    ? ''
    : '  [the chain of hashes is broken here]';
