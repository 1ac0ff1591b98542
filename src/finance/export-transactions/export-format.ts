import type { ExportFormat } from './export-body.js';

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
};

const NAMED: Readonly<Record<string, ExportFormat>> = {
  'text/csv': 'csv',
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
  'application/x-jsonlines': 'jsonl',
};

const REFUSED = /;\s*q=0(?:\.0*)?\s*$/;

/** The first format that an Accept header names; CSV where it names none of ours. */
export function acceptedFormat(accept: string | undefined): ExportFormat {
  for (const range of (accept ?? '').split(',')) {
    const [name = ''] = range.split(';', 1);
    const format = NAMED[name.trim().toLowerCase()];
    if (format !== undefined && !REFUSED.test(range)) return format;
  }
  return 'csv';
}
