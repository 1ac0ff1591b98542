import * as fc from 'fast-check';
import { csvLine, numberCell, textCell } from './csv.js';

/** Reads one line as RFC 4180 says. */
function read(line: string): readonly string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (;;) {
    const match = cell.exec(line);
    if (match === null) return cells;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n' && cell.lastIndex === line.length) return cells;
  }
}

describe('writing comma-separated values', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['Ñandú', 'Ñandú'],
    ['a=b', 'a=b'],
  ])('writes %j as %j', (text, cell) => expect(textCell(text)).toBe(cell));

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '=HYPERLINK("http://x","y")'])(
    'keeps a spreadsheet from calculating %j',
    (text) => expect(textCell(text)).toMatch(/^"?'/),
  );

  it('leaves a cell empty where there is nothing', () => {
    expect([textCell(null), numberCell(null)]).toEqual(['', '']);
  });

  it('writes numbers whole, a negative one as a number', () => {
    expect([numberCell(-10n), numberCell(9_007_199_254_740_993n), numberCell(3)]).toEqual([
      '-10',
      '9007199254740993',
      '3',
    ]);
  });

  it('can be read back cell by cell, whatever was typed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
        const cells = read(csvLine(texts.map(textCell)));
        const safe = texts.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text));
        expect(cells).toEqual(safe);
      }),
    );
  });
});
