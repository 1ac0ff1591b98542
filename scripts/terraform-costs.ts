// Writes the cost table of terraform/README.md again; `npm run generate:costs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { costTable, pricedEnvironment, priceList } from './cost-table.js';

const folder = join(import.meta.dirname, '..', 'terraform');
const readJson = (...path: string[]): unknown =>
  JSON.parse(readFileSync(join(folder, ...path), 'utf8'));

const environments = ['development', 'staging', 'production'].map((name) =>
  pricedEnvironment.parse(readJson('environments', `${name}.tfvars.json`)),
);
const prices = priceList.parse(readJson('prices.json'));

const readme = join(folder, 'README.md');
const text = readFileSync(readme, 'utf8');
const BETWEEN_MARKS = /(<!-- costs -->\n)[\s\S]*?(\n<!-- end of costs -->)/;
if (!BETWEEN_MARKS.test(text)) throw new Error('terraform/README.md has no place for the table');
const table = `\nPrices noted on ${prices.noted_on}. ${prices.note}\n\n${costTable(environments, prices)}\n`;
const written = await format(
  text.replace(BETWEEN_MARKS, (_, before: string, after: string) => before + table + after),
  { ...(await resolveConfig(readme)), parser: 'markdown' },
);

// With --check nothing is written; a table that is not what the files add up to fails.
if (process.argv.includes('--check')) {
  if (written !== text) {
    console.error('the cost table is not current: npm run generate:costs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(readme, written);
}
