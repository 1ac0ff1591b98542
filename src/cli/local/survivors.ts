import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lives, signal, type ProcessIdentity } from './process-identity.js';

const STOPS_WITHIN_MS = 12_000;

/** Waits for the end of a process that is not our child. */
async function ended(survivor: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (!(await lives(survivor))) return true;
    await delay(50);
  }
  return false;
}

/**
 * Ends what an earlier supervisor left behind when it was killed outright. Ended rather than adopted: the
 * survivors may run older code, and their output goes to nobody.
 */
export async function endSurvivors(directory: string, say: (line: string) => void): Promise<void> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.json'));
  await Promise.all(
    files.map(async (file) => {
      const path = join(directory, file);
      const survivor = JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
      if (await lives(survivor)) {
        const what = `${file.replace('.json', '')} (process ${survivor.pid})`;
        say(`Stopping ${what}, which an earlier run left behind.`);
        signal(survivor.pid, 'SIGTERM');
        if (!(await ended(survivor, STOPS_WITHIN_MS))) {
          signal(survivor.pid, 'SIGKILL');
          await ended(survivor, STOPS_WITHIN_MS);
        }
      }
      await rm(path, { force: true });
    }),
  );
}
