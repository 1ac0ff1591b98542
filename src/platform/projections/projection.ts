import type { DatabaseTransaction } from '../database/database.js';
import type { StoredEvent } from '../event-store/stored-event.js';

/** A read model: which events it follows and what they do to its rows. */
export abstract class Projection {
  /** Noun of the read model, `daily-totals`; with the version it names the checkpoint. */
  abstract readonly name: string;
  /** Raised when old rows no longer say what the code means; a new version is built from the log. */
  abstract readonly version: number;
  /** Categories whose streams it follows, such as `transaction`. */
  abstract readonly categories: readonly string[];
  /** Tables it owns, schema and name, for dropping and for comparing with a replay. */
  abstract readonly tables: readonly string[];

  /**
   * Applies events in log order inside the transaction that also moves the checkpoint. Applying the same events
   * again changes nothing: every upsert is guarded by the event's position.
   */
  abstract apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void>;
}
