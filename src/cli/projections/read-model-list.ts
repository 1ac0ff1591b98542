import type { ReadModelsAtHand } from './with-read-models.js';
import type { DatabaseConnection } from '../../platform/database/database.js';
import { findCheckpoint, liveVersion } from '../../platform/projections/checkpoint-store.js';
import { countQuarantined } from '../../platform/projections/quarantine.js';
import type { Projection } from '../../platform/projections/projection.js';
import {
  isLike,
  NEXT_SCHEMA,
  PREVIOUS_SCHEMA,
} from '../../platform/projections/rebuild/beside-tables.js';
import { inSchema, LIVE_SCHEMA } from '../../platform/projections/rebuild/schema-redirect.js';

const PLACES = [
  [LIVE_SCHEMA, 'live'],
  [NEXT_SCHEMA, 'built beside'],
  [PREVIOUS_SCHEMA, 'kept from before'],
] as const;

/** Every read model: which version is live and where it stands, what is built beside it, what is kept. */
export async function describeReadModels({
  projections,
  db,
}: ReadModelsAtHand): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const projection of projections) {
    const { name, version, tables, categories } = projection;
    lines.push(
      `${name}, version ${version} in this code: ${tables.join(', ') || 'no rows of its own'}; follows ${categories.join(', ')}`,
    );
    for (const [schema, what] of PLACES) {
      const found = await describeRows(db, schema, projection);
      if (found !== null) lines.push(`  ${what}: ${found}`);
    }
  }
  return lines;
}

async function describeRows(
  db: DatabaseConnection,
  schema: string,
  { name }: Projection,
): Promise<string | null> {
  if (!(await isLike(db.kysely, schema, 'projection_checkpoint'))) return null;
  const { kysely } = inSchema(db, schema);
  const version = await liveVersion(kysely, name);
  if (version === null) return null;
  const found = await findCheckpoint(kysely, { name, version });
  const quarantined = await countQuarantined(kysely, { name, version });
  return (
    `version ${version}, generation ${found?.generation ?? 1}, ` +
    `at position ${found?.at?.position ?? 'none yet'}, ${quarantined} events in quarantine`
  );
}
