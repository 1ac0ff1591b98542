import { CONFIG_SECTIONS } from '../app.module.js';
import { configTable } from '../platform/config/config-table.js';
import type { Task } from './task.js';

/** The text of docs/configuration.md, which a test holds to the schema. */
export const configurationPage = (): string => `# Configuration

Environment variables, all of them. A variable that is secret may instead be given as the path of a file in
\`<NAME>_FILE\`. Everything is read once, at the start; a start with a mistake names every wrong variable and no value.
This page is written by \`npm run generate:configuration\`.

${configTable(CONFIG_SECTIONS)}`;

export const configTableTask: Task = {
  options: {},
  run() {
    process.stdout.write(configurationPage());
    return Promise.resolve(0);
  },
};
