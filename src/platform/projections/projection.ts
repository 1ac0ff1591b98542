import type { DatabaseTransaction } from '../database/database.js';
import type { StoredEvent } from '../event-store/stored-event.js';

/** Amounts that are added up, group by group, when two versions of a table are compared. */
export interface ComparedSums {
  readonly table: string;
  readonly by: readonly string[];
  readonly of: readonly string[];
}

/** What was applied of a stream: neither its events in quarantine nor those after the checkpoint. */
export type ReadApplied = (streamName: string) => Promise<readonly StoredEvent[]>;

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
  /** Indexes, beside the keys, by which `apply` itself looks rows up; a replay makes the others only at its end. */
  readonly neededIndexes: readonly string[] = [];
  /** What finance would look at first when the rows of another version differ. */
  readonly sums: readonly ComparedSums[] = [];

  /**
   * Applies events in log order inside the transaction that also moves the checkpoint. Applying the same events
   * again changes nothing: every upsert is guarded by the event's position. Tables are named through Kysely,
   * `sql.table` in raw text too, since a rebuild runs the same statements on tables of another schema.
   */
  abstract apply(tx: DatabaseTransaction, events: readonly StoredEvent[]): Promise<void>;

  /**
   * Called before events of one stream leave the quarantine. Where several streams move one row, the others have moved
   * it meanwhile: takes away every row that the held events should have moved, and gives all other events those rows
   * are made of, so that everything can be applied again in the order of the log.
   */
  unmake(
    _tx: DatabaseTransaction,
    _held: readonly StoredEvent[],
    _read: ReadApplied,
  ): Promise<readonly StoredEvent[]> {
    return Promise.resolve([]);
  }
}
