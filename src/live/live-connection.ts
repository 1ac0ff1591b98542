import type { CallerIdentity } from '../access/caller.decorator.js';
import {
  isAskedFor,
  maySee,
  type EndReason,
  type LiveFilter,
  type LiveMessage,
  type LiveNotice,
} from './live-message.js';

export type LiveKind = 'stream' | 'socket';

/** One client that follows what happens, however it is connected. */
export abstract class LiveConnection {
  abstract readonly kind: LiveKind;
  /** Who it is; changes with what it may do, never in whose data it sees. */
  caller: CallerIdentity;
  filter: LiveFilter;
  /** Everything up to here was sent or was not for this client. */
  sentUpTo: bigint;

  constructor(opened: {
    readonly caller: CallerIdentity;
    readonly filter: LiveFilter;
    readonly from: bigint;
  }) {
    this.caller = opened.caller;
    this.filter = opened.filter;
    this.sentUpTo = opened.from;
  }

  /** Sends a message once and in order, if it is for this client; false when the client leaves too much unread. */
  offer(message: LiveMessage): boolean {
    if (message.position <= this.sentUpTo) return true;
    this.sentUpTo = message.position;
    if (!maySee(this.caller, message)) return true;
    return isAskedFor(this.filter, this.caller, message) ? this.send(message) : true;
  }

  /** Sends whatever it is; false when the client leaves too much unread. */
  abstract send(what: LiveMessage | LiveNotice): boolean;

  /** Shows that the connection is alive; false when the client does not seem to be. */
  abstract beat(): boolean;

  /** Waits until the client has read most of what it was sent, or is gone. */
  abstract caughtUp(): Promise<void>;

  /** Says goodbye and ends it; again does nothing. */
  abstract end(reason: EndReason): void;

  abstract readonly ended: boolean;
}
