import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UsageError, type Task } from '../task.js';
import { MappedPlaces } from './mapped-places.js';

/** For stack traces of the bundle, which names its own lines. */
export const logsMapTask: Task = {
  options: {
    file: { type: 'string', summary: 'a log or a stack trace; `-` reads the standard input' },
    maps: {
      type: 'string',
      default: 'dist',
      summary: 'the maps of the release that wrote it, or dist of the same commit',
    },
  },
  async run({ file, maps }) {
    if (typeof file !== 'string' || file === '') throw new UsageError('--file is required');
    if (typeof maps !== 'string' || maps === '') throw new UsageError('--maps is required');
    const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
    const places = new MappedPlaces(maps);
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      process.stdout.write(`${await places.in(line)}\n`);
    }
    return 0;
  },
};
