import { readFile } from 'node:fs/promises';
import type { Metrics } from '../metrics/metrics.js';
import type { Job } from './job.js';

const LOOK_EVERY_MS = 60_000;
const SECONDS = /^\d{1,12}$/;

/** Shows when the last whole backup was made, so that an alert notices when none is made any more. */
export class BackupAgeJob implements Job {
  readonly name = 'backup-age';
  readonly summary = 'Looks when the last whole backup was made.';
  readonly everyMs = LOOK_EVERY_MS;

  constructor(
    private readonly file: string,
    private readonly metrics: Metrics,
  ) {}

  async run(): Promise<string> {
    const text = (await readFile(this.file, 'utf8')).trim();
    if (!SECONDS.test(text)) throw new Error(`${this.file} does not hold an instant`);
    const seconds = Number.parseInt(text, 10);
    this.metrics.backupLastSuccess.set({ kept_in: 'folder' }, seconds);
    return `the last whole backup is of ${new Date(seconds * 1_000).toISOString()}`;
  }
}
