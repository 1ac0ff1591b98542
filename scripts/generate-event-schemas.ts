// Writes docs/events again; `npm run generate:event-schemas`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventSchemaPages } from './event-schemas/event-schema-pages.js';

const folder = join(import.meta.dirname, '..', 'docs', 'events');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [file, text] of eventSchemaPages()) writeFileSync(join(folder, file), text);
