import { ReportPositions } from '../../src/finance/as-of/report-positions.store.js';
import { SystemClock, type Clock } from '../../src/kernel/clock.js';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { ProjectionRegistry } from '../../src/platform/projections/projection-registry.js';
import type { Projection } from '../../src/platform/projections/projection.js';
import { QueuedAppends } from '../../src/platform/projections/queued-appends.js';
import { ReadModelProgress } from '../../src/platform/projections/read-model-progress.js';
import { ListedLog } from './listed-log.js';

// Whoever waits in a spec waits for something that does not come.
const WAIT_MS = 20;

interface Surroundings {
  readonly projections?: readonly Projection[];
  /** The whole log. */
  readonly events?: readonly StoredEvent[];
  readonly clock?: Clock;
}

/** Positions of reports over a log that is a list. */
export function reportPositions(
  db: DatabaseConnection,
  { projections = [], events = [], clock = new SystemClock() }: Surroundings = {},
): ReportPositions {
  const log = new ListedLog(events.map((event) => ({ ...event, storedAs: event.type })));
  const registry = new ProjectionRegistry();
  for (const projection of projections) registry.register(projection);
  const parts = { registry, db, log, clock: new SystemClock(), queued: new QueuedAppends() };
  return new ReportPositions(db, log, new ReadModelProgress(parts, WAIT_MS), clock);
}
