import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readConfiguration } from '../../platform/config/config.js';
import { EventStoreConfig } from '../../platform/config/config.schema.js';
import { EventStoreDbLogReader } from '../../platform/event-store/eventstoredb.log-reader.js';
import { required } from '../required-option.js';
import { UsageError, type Task } from '../task.js';
import {
  ActExport,
  ActVerification,
  CSV_HEAD,
  csvRow,
  isAct,
  type ExportedAct,
} from './exported-acts.js';

const FORMATS: Readonly<Record<string, (act: ExportedAct) => string>> = {
  ndjson: (act) => JSON.stringify(act),
  csv: csvRow,
};

/** A file that its owner alone may read, and that was not there. */
async function fresh(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`${path} is there already`);
  });
}

/** From the log itself, oldest first and always from its beginning, so that every export holds the same chain. */
export const auditExportTask: Task = {
  options: {
    format: { type: 'string', summary: 'ndjson, which can be verified, or csv', default: 'ndjson' },
    out: { type: 'string', summary: 'the file; without one the output' },
  },
  async run({ format, out }) {
    const write = FORMATS[String(format)];
    if (write === undefined) throw new UsageError('--format must be ndjson or csv');
    const { url } = readConfiguration([EventStoreConfig]).section(EventStoreConfig);
    const reader = new EventStoreDbLogReader(url.reveal());
    const file = typeof out === 'string' ? await fresh(out) : null;
    const put = async (text: string): Promise<void> => {
      if (file === null) process.stdout.write(`${text}\n`);
      else await file.write(`${text}\n`);
    };
    try {
      const acts = new ActExport();
      if (format === 'csv') await put(CSV_HEAD);
      for await (const event of reader.readAll(null)) {
        if (isAct(event)) await put(write(acts.next(event)));
      }
      await file?.sync();
      console.error(`${acts.summary}.`);
      return 0;
    } finally {
      await file?.close();
      await reader.close();
    }
  },
};

/** Needs no store and no secret: whoever was handed an export can run it. */
export const auditVerifyTask: Task = {
  options: { file: { type: 'string', summary: 'an export as NDJSON' } },
  async run(values) {
    const path = required(values, 'file');
    const file = await open(path, 'r').catch(() => {
      throw new UsageError(`--file ${path} cannot be read`);
    });
    await file.close();
    const verification = new ActVerification();
    let wrong = 0;
    for await (const line of createInterface({ input: createReadStream(path) })) {
      for (const problem of verification.look(line)) {
        console.error(`line ${verification.lines} ${problem}`);
        wrong += 1;
      }
    }
    console.log(
      `${verification.summary}; ${wrong === 0 ? 'nothing is wrong.' : `${wrong} findings.`}`,
    );
    return wrong === 0 ? 0 : 1;
  },
};
