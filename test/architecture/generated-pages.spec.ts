import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../../src/cli/config-table.task.js';
import { repositoryRoot } from './cruise.js';

describe('keeping generated pages fresh', () => {
  it('lists every variable of the configuration as the schema has it', () => {
    const page = readFileSync(join(repositoryRoot, 'docs/configuration.md'), 'utf8');

    // Out of date: npm run generate:configuration.
    expect(page).toBe(configurationPage());
  });
});
