import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UsageError, type Task } from '../task.js';
import { LogSummary } from './log-summary.js';

/** Exit code 1 when the log holds errors, so that a script can ask. */
export const logsReviewTask: Task = {
  options: {
    file: { type: 'string', summary: 'the log, as JSON lines; `-` reads the standard input' },
  },
  async run({ file }) {
    if (typeof file !== 'string' || file === '') throw new UsageError('--file is required');
    const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
    const summary = new LogSummary();
    // Line by line, since logs are larger than memory.
    for await (const line of createInterface({ input, crlfDelay: Infinity })) summary.add(line);
    process.stdout.write(summary.text());
    return summary.hasErrors ? 1 : 0;
  },
};
