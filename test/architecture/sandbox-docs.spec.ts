import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SCENARIOS } from '../../src/stand-ins/sandbox-bank/scenarios.js';
import { VENEZUELA_SCENARIOS } from '../../src/stand-ins/sandbox-bank/venezuela/venezuela-scenarios.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** The cells of every table row of the page, without the padding that the formatter adds. */
async function tableRows(): Promise<string[][]> {
  const text = await readFile(join(ROOT, 'docs/sandbox.md'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('documenting the sandbox bank', () => {
  it('lists every scenario as the catalogues have it, and no other', async () => {
    const documented = (await tableRows()).filter(([first]) =>
      /^(`99\d\d\.\.`|-)$/.test(first ?? ''),
    );
    expect(documented).toEqual(
      [...SCENARIOS, ...VENEZUELA_SCENARIOS].map(
        ({ number, name, summary, expected, tokenOnly }) => [
          tokenOnly === true ? '-' : `\`99${String(number).padStart(2, '0')}..\``,
          `\`${name}\``,
          summary,
          expected,
        ],
      ),
    );
  });

  it('lists every argument of the process, and no other', async () => {
    const main = join(ROOT, 'src/stand-ins/sandbox-bank/sandbox-bank.main.ts');
    const options =
      /options: \{\n([\s\S]*?)\n {2}\},\n/.exec(await readFile(main, 'utf8'))?.[1] ?? '';
    const known = [...options.matchAll(/^ {4}'?([a-z-]+)'?: \{/gm)].map(
      ([, name]) => `\`--${name}\``,
    );
    const documented = (await tableRows())
      .map(([first]) => first)
      .filter((first) => first?.startsWith('`--') === true);
    expect(new Set(documented)).toEqual(new Set(known));
    expect(documented).toHaveLength(known.length);
  });
});
