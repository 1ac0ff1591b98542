// The audit outside the log: one act a line, with everything that its hash is made of, and a chain over all of them.
import { z } from 'zod';
import type { SecurityActRecorded } from '../../access/acts/security-act.event.js';
import { sha256Hex } from '../../kernel/ids.js';
import type { RecordedEvent } from '../../platform/event-store/event-codec.js';
import { hashOf, storedBytes } from '../../platform/event-store/event-hash.js';
import type { EventMetadata } from '../../platform/event-store/stored-event.js';

const exportedAct = z.strictObject({
  position: z.string().regex(/^\d+$/),
  stream: z.string(),
  revision: z.int().min(0),
  event_id: z.string(),
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  metadata: z.looseObject({
    actor: z.string(),
    requestId: z.string(),
    previousHash: z.string().nullable(),
  }),
  /** SHA-256 of data, metadata and type as JSON texts, divided by line feeds. */
  hash: z.string(),
  /** SHA-256 of the chain up to the line before, a line feed, and the hash of this one. */
  chain: z.string(),
});

export type ExportedAct = z.output<typeof exportedAct>;

export const isAct = ({ streamName }: RecordedEvent): boolean => streamName.startsWith('access-');

const linked = (chain: string, hash: string): string => sha256Hex(`${chain}\n${hash}`);

/** Turns events into lines, in the order of the log. */
export class ActExport {
  private chain = '';
  private lines = 0;

  /** What two exports of the same range have in common, or one of them was changed. */
  get summary(): string {
    return `${this.lines} acts, chain ${this.chain === '' ? 'empty' : this.chain}`;
  }

  next(event: RecordedEvent): ExportedAct {
    const hash = hashOf(storedBytes(event.storedAs, event.data, event.metadata));
    this.chain = linked(this.chain, hash);
    this.lines += 1;
    return {
      position: String(event.position),
      stream: event.streamName,
      revision: Number(event.revision),
      event_id: event.eventId,
      type: event.storedAs,
      data: event.data as ExportedAct['data'],
      metadata: event.metadata as ExportedAct['metadata'],
      hash,
      chain: this.chain,
    };
  }
}

export const CSV_HEAD =
  'position,at,act,actor,subject,merchant_id,address,request_id,result,reason,particulars,stream,revision,event_id,previous_hash,hash,chain';

// Spreadsheets run what begins like a formula; quotes inside a cell are doubled (RFC 4180).
function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** One row; hashes are told, but only the lines of NDJSON hold what they are made of. */
export function csvRow(act: ExportedAct): string {
  const data = act.data as unknown as SecurityActRecorded;
  const metadata = act.metadata as unknown as EventMetadata;
  return [
    act.position,
    data.at,
    data.act,
    metadata.actor,
    data.subject,
    data.merchantId,
    data.address,
    metadata.requestId,
    data.result,
    data.reason,
    JSON.stringify(data.particulars),
    act.stream,
    act.revision,
    act.event_id,
    metadata.previousHash,
    act.hash,
    act.chain,
  ]
    .map(cell)
    .join(',');
}

/** Looks at lines one after the other and tells what is wrong with each: nobody but SHA-256 has to be believed. */
export class ActVerification {
  private chain = '';
  private readonly heads = new Map<string, { readonly revision: number; readonly hash: string }>();
  lines = 0;

  /** @returns what is wrong with the line; empty when nothing is */
  look(line: string): readonly string[] {
    this.lines += 1;
    const act = parsed(line);
    if (act === null) return ['is no act of an export'];
    const problems: string[] = [];
    if (hashOf(storedBytes(act.type, act.data, act.metadata)) !== act.hash) {
      problems.push('was changed: its content does not give its hash');
    }
    if (linked(this.chain, act.hash) !== act.chain) {
      problems.push('does not follow on the line before: something is missing or moved');
    }
    problems.push(...this.followsInStream(act));
    this.chain = act.chain;
    this.heads.set(act.stream, { revision: act.revision, hash: act.hash });
    return problems;
  }

  get summary(): string {
    return `${this.lines} acts, chain ${this.chain === '' ? 'empty' : this.chain}`;
  }

  private followsInStream({ stream, revision, metadata }: ExportedAct): readonly string[] {
    const head = this.heads.get(stream);
    if (head === undefined) {
      return revision === 0 && metadata.previousHash !== null
        ? ['is the first of its stream and names one before']
        : [];
    }
    if (revision !== head.revision + 1)
      return [`follows on revision ${head.revision} of its stream`];
    return metadata.previousHash === head.hash ? [] : ['names another act before it in its stream'];
  }
}

function parsed(line: string): ExportedAct | null {
  try {
    const act: unknown = JSON.parse(line);
    exportedAct.parse(act);
    // As it was written and not as it was checked: the order of its members is part of the hash.
    return act as ExportedAct;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
