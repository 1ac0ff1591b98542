import type { Kysely } from 'kysely';
import { assert } from '../../../kernel/assert.js';
import type { Database } from '../../database/database.js';
import type { LeaderElection } from '../leader-election.js';
import type { Projection } from '../projection.js';
import { CHECK_SCHEMA, NEXT_SCHEMA, openSchema, PREVIOUS_SCHEMA } from './beside-tables.js';
import { diffTables, type TableDiff } from './row-diff.js';
import { SideBySide, type SideBySideParts } from './side-by-side.js';
import { switchRows, type Exchange } from './switch-rows.js';

/** What may be asked for was not there, or is not allowed; the message is meant for a person. */
export class RebuildRefused extends Error {
  override name = 'RebuildRefused';
}

export interface Built {
  /** Read models that an earlier run had begun. */
  readonly resumed: readonly string[];
  readonly events: number;
  readonly quarantined: number;
}

export interface Verified {
  readonly diffs: readonly TableDiff[];
  readonly events: number;
  readonly quarantined: number;
}

export interface SwitchTerms {
  /** Most rows that may differ. */
  readonly tolerance: number;
  /** Switch whatever differs. */
  readonly force: boolean;
  /** Back to the rows that were live before the last switch. */
  readonly back: boolean;
}

export interface Switched {
  readonly done: boolean;
  readonly diffs: readonly TableDiff[];
}

export const differingRows = (diffs: readonly TableDiff[]): number =>
  diffs.reduce((sum, { differing }) => sum + differing, 0);

/** Builds read models beside the live ones, compares them, and lets them take each other's place. */
export class ReadModelRebuild {
  constructor(
    private readonly projections: readonly Projection[],
    private readonly parts: SideBySideParts & { readonly election: LeaderElection },
  ) {}

  /** Fills the next rows from the log and brings them level with the live ones; a second call goes on. */
  rebuild(options: { readonly fresh: boolean }): Promise<Built> {
    return this.alone(NEXT_SCHEMA, async (next) => {
      const resumed = await next.open(options);
      const replayed = await next.catchUp();
      await next.complete();
      const events = replayed + (await next.catchUp());
      return { resumed, events, quarantined: next.quarantined };
    });
  }

  /** Compares the next rows with the live ones, both as of one position of the log. */
  diff(): Promise<readonly TableDiff[]> {
    return this.alone(NEXT_SCHEMA, async (next) => {
      await this.mustBeBuilt(next);
      return this.compare(next);
    });
  }

  /**
   * Makes the next rows, or the previous ones, the live ones, and keeps those. Refused when more rows differ than
   * the terms allow.
   */
  switch(terms: SwitchTerms): Promise<Switched> {
    const exchange: Exchange = {
      from: terms.back ? PREVIOUS_SCHEMA : NEXT_SCHEMA,
      to: PREVIOUS_SCHEMA,
    };
    return this.alone(exchange.from, async (beside) => {
      await this.mustBeBuilt(beside);
      const diffs = await this.compare(beside);
      if (differingRows(diffs) > terms.tolerance && !terms.force) return { done: false, diffs };
      await openSchema(this.parts.db.kysely, exchange.to);
      await beside.level((tx) => switchRows(tx, this.projections, exchange));
      return { done: true, diffs };
    });
  }

  /** Replays the log into tables of their own, compares every row with the live one, and takes the tables away. */
  verify(): Promise<Verified> {
    return this.alone(CHECK_SCHEMA, async (check) => {
      await check.open({ fresh: true });
      try {
        const events = await check.catchUp();
        return { diffs: await this.compare(check), events, quarantined: check.quarantined };
      } finally {
        await check.drop();
      }
    });
  }

  private async mustBeBuilt(beside: SideBySide): Promise<void> {
    if (await beside.openExisting()) return;
    const names = this.projections.map(({ name }) => name).join(', ');
    throw new RebuildRefused(
      beside.schema === NEXT_SCHEMA
        ? `not everything of ${names} is built beside and fit to compare: projections rebuild first, or --name one`
        : `no earlier rows of all of ${names} are kept, or they have another shape: --name one`,
    );
  }

  /** The snapshot is taken while both stand still; the comparison itself holds nobody up. */
  private async compare(beside: SideBySide): Promise<readonly TableDiff[]> {
    const { kysely } = this.parts.db;
    let snapshot: Awaited<ReturnType<typeof startSnapshot>> | null = null;
    try {
      await beside.level(async () => {
        snapshot = await startSnapshot(kysely);
      });
      assert(snapshot !== null, 'levelled rows have a snapshot');
      return await diffTables(snapshot, this.projections, beside.schema);
    } finally {
      await (snapshot as Awaited<ReturnType<typeof startSnapshot>> | null)?.rollback().execute();
    }
  }

  /** One process at a time works on a schema. */
  private async alone<T>(schema: string, work: (beside: SideBySide) => Promise<T>): Promise<T> {
    const leadership = await this.parts.election.tryLead(`read models in ${schema}`);
    if (leadership === null) {
      throw new RebuildRefused(`another process is at work on the rows in ${schema}`);
    }
    const signal = AbortSignal.any([this.parts.signal, leadership.signal]);
    try {
      return await work(new SideBySide(schema, this.projections, { ...this.parts, signal }));
    } finally {
      await leadership.release();
    }
  }
}

async function startSnapshot(kysely: Kysely<Database>) {
  const tx = await kysely
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  // The first statement takes the snapshot.
  await tx.selectFrom('read.projection_checkpoint').select('name').execute();
  return tx;
}
