// Writes claims.csv and movements.jsonl again; `npm run samples`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimsCsv, movementLines } from './sample-files.js';
import { buildSamples } from './sample-cases.js';

const { claims, movements } = buildSamples();
await writeFile(join(import.meta.dirname, 'claims.csv'), claimsCsv(claims));
await writeFile(join(import.meta.dirname, 'movements.jsonl'), movementLines(movements));
console.log(`${claims.length} claims, ${movements.length} movements`);
