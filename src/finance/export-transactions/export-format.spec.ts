import { acceptedFormat } from './export-format.js';

describe('choosing the format of an export', () => {
  it.each([
    [undefined, 'csv'],
    ['', 'csv'],
    ['*/*', 'csv'],
    ['application/json', 'csv'],
    ['text/csv', 'csv'],
    ['application/jsonl', 'jsonl'],
    ['Application/X-NDJSON; q=0.9, text/csv;q=0.1', 'jsonl'],
    ['text/csv, application/x-jsonlines', 'csv'],
    ['text/csv;q=0, application/jsonl', 'jsonl'],
    ['application/jsonl;q=0.0', 'csv'],
  ])('answers %j with %s', (accept, format) => expect(acceptedFormat(accept)).toBe(format));
});
