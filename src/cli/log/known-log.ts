// What this version of the product can read and judge in the log.
import { securityActEvents, type SecurityActEvent } from '../../access/acts/security-act.event.js';
import { retryDayClose } from '../../finance/domain/day-close.retrial.js';
import { dayCloseAggregate } from '../../finance/domain/day-close.js';
import { dayCloseEvents } from '../../finance/events/day-closed.event.js';
import { accept } from '../../kernel/rejection.js';
import { EventCatalog } from '../../platform/event-store/event-catalog.js';
import { EventCodec } from '../../platform/event-store/event-codec.js';
import { audited, type AuditedCategory } from '../../platform/log-audit/audited-category.js';
import { retryTransaction } from '../../transactions/domain/transaction.retrial.js';
import { transactionAggregate } from '../../transactions/domain/transaction.js';
import { transactionEvents } from '../../transactions/events/transaction.event.js';
import { slotEvents } from '../../verification/bind-movement/slot.event.js';
import { retrySlot } from '../../verification/domain/slot.retrial.js';
import { slotAggregate } from '../../verification/domain/slot.js';
import { retrySweeps } from '../../verification/domain/sweeps.retrial.js';
import { sweepsAggregate } from '../../verification/domain/sweeps.js';
import { sweepEvents } from '../../verification/record-sweep/sweep.event.js';

/** Every category of streams, with its aggregate and its rules. */
export const AUDITED_CATEGORIES: readonly AuditedCategory[] = [
  audited({
    category: 'transaction',
    aggregate: transactionAggregate,
    retry: retryTransaction,
  }),
  // Acts are written down as they come; there is no rule that could decide them again.
  audited<null, SecurityActEvent>({
    category: 'access',
    aggregate: { initialState: null, evolve: () => null },
    retry: ({ event }) => accept(event),
  }),
  audited({ category: 'movement', aggregate: slotAggregate, retry: retrySlot }),
  audited({ category: 'sweep', aggregate: sweepsAggregate, retry: retrySweeps }),
  audited({ category: 'close', aggregate: dayCloseAggregate, retry: retryDayClose }),
];

/** Reads every event of those categories. */
export function knownCodec(): EventCodec {
  const catalog = new EventCatalog();
  const known = [securityActEvents, transactionEvents, slotEvents, sweepEvents, dayCloseEvents];
  for (const definitions of known) {
    catalog.register(definitions);
  }
  return new EventCodec(catalog);
}
