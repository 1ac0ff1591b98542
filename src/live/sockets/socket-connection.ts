import type { WebSocket } from 'ws';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import { LiveConnection } from '../live-connection.js';
import {
  goodbye,
  socketText,
  type EndReason,
  type LiveFilter,
  type LiveMessage,
  type LiveNotice,
} from '../live-message.js';
import { readClientMessage } from './client-message.js';
import { CODE_OF_END } from './close.codes.js';

const READ_AHEAD_BYTES = 16 * 1024;
// Whoever does not answer the goodbye is cut.
const LEAVES_WITHIN_MS = 1_000;
// Between two pings; a person who changes a filter is far below it.
const MESSAGES_A_BEAT = 60;

// Written once, however many are sent it.
const texts = new WeakMap<LiveMessage, string>();

function textOf(what: LiveMessage | LiveNotice): string {
  if (!('message' in what)) return socketText(what);
  const text = texts.get(what) ?? socketText(what);
  texts.set(what, text);
  return text;
}

interface Opened {
  readonly caller: CallerIdentity;
  readonly filter: LiveFilter;
  readonly from: bigint;
  readonly mostBytes: number;
  readonly onSent: () => void;
  /** Told of what makes the connection useless. */
  readonly onFault: (connection: SocketConnection, reason: EndReason) => void;
}

/** A client at the other end of a WebSocket. */
export class SocketConnection extends LiveConnection {
  readonly kind = 'socket';
  private over = false;
  private answered = true;
  private heard = 0;
  private flushed: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly opened: Opened,
  ) {
    super(opened);
    socket.on('pong', () => {
      this.answered = true;
    });
    socket.on('message', (data, isBinary) => this.hear(isBinary ? null : textIn(data)));
    socket.once('close', () => {
      this.over = true;
    });
  }

  get ended(): boolean {
    return this.over;
  }

  send(what: LiveMessage | LiveNotice): boolean {
    if (this.over) return true;
    if (this.socket.bufferedAmount >= this.opened.mostBytes) return false;
    this.flushed = new Promise((resolve) => this.socket.send(textOf(what), () => resolve()));
    if ('message' in what) this.opened.onSent();
    return true;
  }

  /** A client that did not answer the ping before is gone, whatever its network says. */
  beat(): boolean {
    if (this.over) return true;
    if (!this.answered) return false;
    this.answered = false;
    this.heard = 0;
    this.socket.ping();
    return true;
  }

  async caughtUp(): Promise<void> {
    if (!this.over && this.socket.bufferedAmount >= READ_AHEAD_BYTES) await this.flushed;
  }

  end(reason: EndReason): void {
    if (this.over) return;
    this.over = true;
    this.socket.send(socketText(goodbye(reason)));
    this.socket.close(CODE_OF_END[reason], reason);
    const cut = setTimeout(() => this.socket.terminate(), LEAVES_WITHIN_MS);
    this.socket.once('close', () => clearTimeout(cut));
  }

  private hear(text: string | null): void {
    if (this.over) return;
    this.heard += 1;
    if (this.heard > MESSAGES_A_BEAT) return this.opened.onFault(this, 'too_many_messages');
    const message = text === null ? null : readClientMessage(text);
    if (message === null) return this.opened.onFault(this, 'malformed_message');
    if (message.type === 'ping') return this.reply({ type: 'pong', data: {} });
    const { types, transactionId, excludeOwn } = message.filter;
    this.filter = message.filter;
    this.reply({
      type: 'filtered',
      data: { types: [...types], transaction_id: transactionId, exclude_own: excludeOwn },
    });
  }

  private reply(notice: LiveNotice): void {
    if (!this.send(notice)) this.opened.onFault(this, 'too_slow');
  }
}

const textIn = (data: Buffer | ArrayBuffer | readonly Buffer[]): string =>
  (data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.concat([data].flat())).toString('utf8');
