import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  readonly version: string;
}

/** The version that runs. From `src` and from `dist` the package file is as far away. */
export const VERSION = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as Package
).version;
