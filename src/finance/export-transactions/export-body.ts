import { createHash } from 'node:crypto';
import type { TransactionStateTable } from '../transaction-states/transaction-state.table.js';
import { csvLine, numberCell, textCell } from './csv.js';
import { cellsOf, COLUMN_NAMES, EXPORT_VERSION, objectOf } from './exported-transaction.js';

export type ExportFormat = 'csv' | 'jsonl';

/** What the last line says: whoever does not find it there has only a part. */
interface End {
  /** How many transactions came before. */
  readonly rows: number;
  /** Of every byte before this line. */
  readonly sha256: string;
  readonly position: string;
  readonly report_version: number;
}

interface Writing {
  readonly head: string;
  readonly line: (row: TransactionStateTable) => string;
  readonly end: (end: End) => string;
}

// They stand in every line, so that all lines have the same cells (RFC 4180, section 2.4).
const END_COLUMNS = ['rows', 'sha256', 'position', 'report_version'] as const;
const NO_END = END_COLUMNS.map(() => '');

/** The first line of a CSV file: the names of its columns. */
export const HEAD = csvLine([...COLUMN_NAMES, ...END_COLUMNS]);

const WRITING: Readonly<Record<ExportFormat, Writing>> = {
  csv: {
    head: HEAD,
    line: (row) => csvLine([...cellsOf(row), ...NO_END]),
    end: ({ rows, sha256, position, report_version }) =>
      csvLine([
        'end',
        ...COLUMN_NAMES.slice(1).map(() => ''),
        numberCell(rows),
        textCell(sha256),
        textCell(position),
        numberCell(report_version),
      ]),
  },
  jsonl: {
    head: '',
    line: (row) => `${JSON.stringify(objectOf(row))}\n`,
    end: (end) => `${JSON.stringify({ record: 'end', ...end })}\n`,
  },
};

/** Writes pages of rows as the bytes of a file, holding one page at a time; the last line counts and sums up. */
export async function* exportBody(
  pages: AsyncIterable<readonly TransactionStateTable[]>,
  { format, position }: { readonly format: ExportFormat; readonly position: string },
): AsyncGenerator<Buffer> {
  const { head, line, end } = WRITING[format];
  const hash = createHash('sha256');
  let rows = 0;
  let before = head;
  for await (const page of pages) {
    const chunk = Buffer.from(before + page.map(line).join(''));
    before = '';
    rows += page.length;
    hash.update(chunk);
    if (chunk.length > 0) yield chunk;
  }
  hash.update(before);
  const sha256 = hash.digest('hex');
  yield Buffer.from(before + end({ rows, sha256, position, report_version: EXPORT_VERSION }));
}
