import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metrics } from '../metrics/metrics.js';
import { BackupAgeJob } from './backup-age.job.js';

describe('looking when the last whole backup was made', () => {
  let folder: string;
  let file: string;
  let metrics: Metrics;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backup-age-'));
    file = join(folder, 'last-success');
    metrics = new Metrics();
  });

  afterEach(() => rm(folder, { recursive: true }));

  const shown = async () =>
    (await metrics.backupLastSuccess.get()).values.map(({ value }) => value);

  it('shows the instant that the backup left', async () => {
    await writeFile(file, '1795366800\n');
    expect(await new BackupAgeJob(file, metrics).run()).toContain('2026-11-22T17:00:00.000Z');
    expect(await shown()).toEqual([1_795_366_800]);
  });

  it('claims nothing, and fails, when there is no such file or no instant in it', async () => {
    const job = new BackupAgeJob(file, metrics);
    await expect(job.run()).rejects.toThrow('ENOENT');
    await writeFile(file, 'soon');
    await expect(job.run()).rejects.toThrow('does not hold an instant');
    expect(await shown()).toEqual([]);
  });
});
