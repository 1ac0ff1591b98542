import { Readable } from 'node:stream';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { LiveConnection } from '../live-connection.js';
import {
  goodbye,
  streamText,
  type EndReason,
  type LiveFilter,
  type LiveMessage,
  type LiveNotice,
} from '../live-message.js';

// What is read ahead of the network; beyond it the client is slower than what happens.
const READ_AHEAD_BYTES = 16 * 1024;
// Whoever does not read its goodbye is cut.
const LEAVES_WITHIN_MS = 1_000;

// Written once, however many are sent it.
const texts = new WeakMap<LiveMessage, string>();

function textOf(what: LiveMessage | LiveNotice): string {
  if (!('message' in what)) return streamText(what);
  const text = texts.get(what) ?? streamText(what);
  texts.set(what, text);
  return text;
}

/** A client of `text/event-stream`; its body is what is answered. */
export class StreamConnection extends LiveConnection {
  readonly kind = 'stream';
  readonly body: Readable;
  private readonly mostBytes: number;
  private readonly onSent: () => void;
  private over = false;
  private roomy: (() => void)[] = [];

  constructor(opened: {
    readonly caller: CallerIdentity;
    readonly filter: LiveFilter;
    readonly from: bigint;
    readonly mostBytes: number;
    readonly onSent: () => void;
  }) {
    super(opened);
    this.mostBytes = opened.mostBytes;
    this.onSent = opened.onSent;
    this.body = new Readable({ highWaterMark: READ_AHEAD_BYTES, read: () => this.wake() });
    this.body.once('close', () => {
      this.over = true;
      this.wake();
    });
  }

  get ended(): boolean {
    return this.over;
  }

  /** Asks the client to come back after so long when the connection is lost; before anything else. */
  open(notice: LiveNotice, retryMs: number): void {
    this.body.push(`retry: ${retryMs}\n${textOf(notice)}`);
  }

  send(what: LiveMessage | LiveNotice): boolean {
    if (this.over) return true;
    if (this.body.readableLength >= this.mostBytes) return false;
    this.body.push(textOf(what));
    if ('message' in what) this.onSent();
    return true;
  }

  beat(): boolean {
    if (this.over) return true;
    if (this.body.readableLength >= this.mostBytes) return false;
    this.body.push(':\n\n');
    return true;
  }

  caughtUp(): Promise<void> {
    if (this.over || this.body.readableLength < READ_AHEAD_BYTES) return Promise.resolve();
    return new Promise((resolve) => void this.roomy.push(resolve));
  }

  end(reason: EndReason): void {
    if (this.over) return;
    this.over = true;
    this.wake();
    this.body.push(streamText(goodbye(reason)));
    this.body.push(null);
    const cut = setTimeout(() => this.body.destroy(), LEAVES_WITHIN_MS);
    this.body.once('close', () => clearTimeout(cut));
  }

  private wake(): void {
    for (const wake of this.roomy.splice(0)) wake();
  }
}
