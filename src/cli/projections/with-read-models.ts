import { DatabaseConfig } from '../../platform/config/config.schema.js';
import { PostgresConnection } from '../../platform/database/postgres-connection.js';
import { EventStore } from '../../platform/event-store/event-store.js';
import { LogReader } from '../../platform/event-store/log-reader.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { LeaderElection } from '../../platform/projections/leader-election.js';
import { ProjectionRegistry } from '../../platform/projections/projection-registry.js';
import type { Projection } from '../../platform/projections/projection.js';
import type { ReplayProgress } from '../../platform/projections/rebuild/replay.js';
import { ReadModelRebuild } from '../../platform/projections/rebuild/read-model-rebuild.js';
import { UsageError, type OptionValues, type TaskOption } from '../task.js';
import { withApplication } from '../with-application.js';

/** Far larger than what the service applies at once: the more events of a stream meet, the fewer rows are written. */
const REPLAY_BATCH = { size: 5_000, ms: 100 };
// One connection for each read model that is written, and one each for the lock, the snapshot and the live rows.
const CONNECTIONS_BESIDE = 4;

export const NAME: TaskOption = {
  type: 'string',
  summary: 'one read model, as projections list names it; all without it',
};

/** What the commands about read models work with. */
export interface ReadModelsAtHand {
  readonly projections: readonly Projection[];
  readonly db: PostgresConnection;
  readonly store: EventStore;
  rebuilding(onProgress?: (progress: ReplayProgress) => void): ReadModelRebuild;
}

/** Loads the product without its background work, and every read model that its modules register. */
export const withReadModels = <T>(
  values: OptionValues,
  work: (atHand: ReadModelsAtHand) => Promise<T>,
): Promise<T> =>
  withApplication(async (app) => {
    const projections = chosen(app.get(ProjectionRegistry).all(), values['name']);
    const url = app.get(DatabaseConfig).url.reveal();
    const poolSize = projections.length + CONNECTIONS_BESIDE;
    const options = { url, poolSize, onConnectionFailure: () => undefined, rebuilding: true };
    const db = new PostgresConnection(options, new Metrics());
    const election = new LeaderElection(url);
    const stop = new AbortController();
    const interrupt = (): void => stop.abort(new Error('interrupted; what was built stays'));
    process.once('SIGINT', interrupt);
    const { signal } = stop;
    const stores = { db, store: app.get(EventStore), log: app.get(LogReader) };
    const parts = { ...stores, election, limits: REPLAY_BATCH, signal };
    try {
      return await work({
        ...parts,
        projections,
        rebuilding: (onProgress = () => undefined) =>
          new ReadModelRebuild(projections, { ...parts, onProgress }),
      });
    } finally {
      process.off('SIGINT', interrupt);
      await election.close();
      await db.close();
    }
  });

function chosen(all: readonly Projection[], name: unknown): readonly Projection[] {
  if (typeof name !== 'string') return all;
  const found = all.filter((projection) => projection.name === name);
  if (found.length === 0) {
    throw new UsageError(`no read model ${name}; there are ${all.map((p) => p.name).join(', ')}`);
  }
  return found;
}
