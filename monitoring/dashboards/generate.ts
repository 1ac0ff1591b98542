// Writes monitoring/grafana/dashboards again; `npm run generate:dashboards`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './all-dashboards.js';

const folder = join(import.meta.dirname, '..', 'grafana', 'dashboards');
for (const [name, text] of dashboardFiles()) writeFileSync(join(folder, name), text);
