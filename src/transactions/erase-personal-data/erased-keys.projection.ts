import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { StoredEvent } from '../../platform/event-store/stored-event.js';
import { eraseKeys } from '../../platform/personal-data/data-key.store.js';
import { Projection } from '../../platform/projections/projection.js';
import type { TransactionEvent } from '../events/transaction.event.js';

/**
 * Deletes the key of every erasure in the log: those that a crash left half done, and, after a restore brought keys
 * back, all of them again. It has no rows of its own; deleting what is deleted changes nothing.
 */
@Injectable()
export class ErasedKeysProjection extends Projection {
  readonly name = 'erased-keys';
  readonly version = 1;
  readonly categories = ['transaction'] as const;
  readonly tables = [] as const;

  async apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void> {
    const keyIds = (events as readonly (StoredEvent & TransactionEvent)[]).flatMap((event) =>
      event.type === 'PersonalDataErased.v1' ? event.data.keyIds : [],
    );
    await eraseKeys(tx, keyIds);
  }
}
