// What live connections are sent, and who is sent what: pure.
import type { CallerIdentity } from '../access/caller.decorator.js';
import type { TransactionMessage } from '../transactions/public-message/transaction.message.js';

/** A message with its place in the log, as every connection is sent it. */
export interface LiveMessage {
  readonly position: bigint;
  /** `position` as callers see it: what they name to resume, and what a list waits for as `Position-Token`. */
  readonly id: string;
  /** Who caused it, as events name actors. */
  readonly actor: string;
  readonly message: TransactionMessage;
}

/** What is said to one connection, or to all of somebody's, and is no part of the log. */
export type LiveNotice =
  | {
      /** The connection is open; what follows comes after this place in the log. */
      readonly type: 'welcome';
      readonly id: string;
      readonly data: { readonly retry_ms: number };
    }
  | {
      /** What was missed is too long ago to be told: read the lists again; what follows comes after this place. */
      readonly type: 'reset';
      readonly id: string;
      readonly data: { readonly reason: ResetReason };
    }
  | {
      /** The connection is about to be closed, and whether it is of use to open it again. */
      readonly type: 'goodbye';
      readonly data: { readonly reason: EndReason; readonly resume: boolean };
    }
  | {
      /** What the caller may do has changed. */
      readonly type: 'permissions';
      readonly data: { readonly permissions: readonly string[] };
    }
  | { /** The answer to `ping`. */ readonly type: 'pong'; readonly data: Record<string, never> }
  | {
      /** The answer to `filter`: from here on only this. */
      readonly type: 'filtered';
      readonly data: {
        readonly types: readonly string[];
        readonly transaction_id: string | null;
        readonly exclude_own: boolean;
      };
    };

/** Why what was missed cannot be told. */
export type ResetReason = 'too_long_ago' | 'unknown_position';

/**
 * Why a connection ended; the names are public and bounded. `unproven`: the database was away for so long that nobody
 * could say any more whether the caller may stay.
 */
export type EndReason =
  | 'client_left'
  | 'stopping'
  | 'too_slow'
  | 'no_longer_authenticated'
  | 'no_longer_permitted'
  | 'merchant_suspended'
  | 'log_unavailable'
  | 'silent'
  | 'unproven'
  | 'too_many_messages'
  | 'malformed_message';

/** Ends after which the same client may come again at once, with the place where it was. */
const RESUMABLE: ReadonlySet<EndReason> = new Set([
  'stopping',
  'too_slow',
  'log_unavailable',
  'silent',
  'unproven',
]);

export const goodbye = (reason: EndReason): LiveNotice => ({
  type: 'goodbye',
  data: { reason, resume: RESUMABLE.has(reason) },
});

/** What a client asked to be sent; everything named must hold. */
export interface LiveFilter {
  /** Empty: every type. */
  readonly types: ReadonlySet<string>;
  readonly transactionId: string | null;
  /** Leaves out what the caller itself caused. */
  readonly excludeOwn: boolean;
}

export const EVERYTHING: LiveFilter = { types: new Set(), transactionId: null, excludeOwn: false };

/** Whether a caller may see what a message tells: its own merchant's, of its own mode; staff sees all. */
export function maySee(
  { merchantId, mode }: Pick<CallerIdentity, 'merchantId' | 'mode'>,
  { message }: LiveMessage,
): boolean {
  const { transaction } = message.data;
  return (
    merchantId === null || (merchantId === transaction.merchant_id && mode === transaction.mode)
  );
}

/** Whether a client asked for it. */
export function isAskedFor(
  { types, transactionId, excludeOwn }: LiveFilter,
  caller: Pick<CallerIdentity, 'actor'>,
  { message, actor }: LiveMessage,
): boolean {
  return (
    (types.size === 0 || types.has(message.type)) &&
    (transactionId === null || transactionId === message.data.transaction.id) &&
    !(excludeOwn && actor === caller.actor)
  );
}

/** As `text/event-stream` has it. The data is one line: JSON holds no line break. */
export const streamText = (what: LiveMessage | LiveNotice): string =>
  'message' in what
    ? `id: ${what.id}\nevent: ${what.message.type}\ndata: ${JSON.stringify(what.message)}\n\n`
    : `${'id' in what ? `id: ${what.id}\n` : ''}event: ${what.type}\ndata: ${JSON.stringify(what.data)}\n\n`;

/** As a socket sends it: `{type, data}` with more beside, and the place in the log as `position`. */
export const socketText = (what: LiveMessage | LiveNotice): string =>
  'message' in what
    ? JSON.stringify({ ...what.message, position: what.id })
    : JSON.stringify({
        type: what.type,
        data: what.data,
        ...('id' in what ? { position: what.id } : {}),
      });
