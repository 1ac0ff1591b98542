import { setTimeout as pause } from 'node:timers/promises';
import { QueryBus } from '@nestjs/cqrs';
import {
  resourceOfEntry,
  type AuditEntryResource,
} from '../../access/audit/audit-entry.resource.js';
import { ListAudit } from '../../access/audit/list-audit.query.js';
import { listAuditQuery } from '../../access/audit/list-audit.request.js';
import { type Task, UsageError } from '../task.js';
import { withApplication } from '../with-application.js';

const PAGE = 100;
const LOOK_EVERY_MS = 1_000;

type Bus = Pick<QueryBus, 'execute'>;

/** The newest entries, oldest first; up to `count`, or up to the one that was seen last. */
async function newest(
  bus: Bus,
  { count, after }: { readonly count: number; readonly after: string | null },
): Promise<readonly AuditEntryResource[]> {
  const found: AuditEntryResource[] = [];
  let cursor: string | null = null;
  do {
    const limit = String(Math.min(PAGE, count - found.length));
    const page = listAuditQuery.parse(cursor === null ? { limit } : { limit, cursor });
    const { entries, nextCursor } = await bus.execute(new ListAudit(page));
    const shown = entries.map(resourceOfEntry);
    const seen = shown.findIndex(({ id }) => id === after);
    found.push(...(seen === -1 ? shown : shown.slice(0, seen)));
    cursor = seen === -1 ? nextCursor : null;
  } while (cursor !== null && found.length < count);
  return found.toReversed();
}

const line = (entry: AuditEntryResource): string => {
  const outcome = entry.reason === null ? entry.result : `${entry.result} (${entry.reason})`;
  const from = entry.address === null ? '' : ` from ${entry.address}`;
  return `${entry.at}  ${entry.act}  ${entry.subject}  by ${entry.actor}${from}  ${outcome}`;
};

/** The newest acts, for people at a terminal; `audit export` is for keeping them elsewhere. */
export const auditTailTask: Task = {
  options: {
    lines: { type: 'string', summary: 'how many', default: '20' },
    json: { type: 'boolean', summary: 'print whole entries as JSON, one a line' },
    follow: { type: 'boolean', summary: 'go on with what comes, until it is interrupted' },
  },
  run({ lines, json, follow }) {
    if (typeof lines !== 'string' || !/^[1-9]\d{0,7}$/.test(lines)) {
      throw new UsageError('--lines must be a whole number from 1 on');
    }
    const print = (entry: AuditEntryResource): void =>
      console.log(json === true ? JSON.stringify(entry) : line(entry));
    return withApplication(async (app) => {
      const bus = app.get(QueryBus);
      let last: string | null = null;
      let count = Number.parseInt(lines, 10);
      for (;;) {
        const entries = await newest(bus, { count, after: last });
        entries.forEach(print);
        last = entries.at(-1)?.id ?? last;
        if (follow !== true) return 0;
        count = PAGE;
        await pause(LOOK_EVERY_MS);
      }
    });
  },
};
