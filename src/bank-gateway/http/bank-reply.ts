/** Why nothing reached the bank. Only the first three are worth an attempt at once. */
export type NotSentReason =
  | 'connect_refused'
  | 'name_not_resolved'
  | 'connect_timeout'
  | 'address_forbidden'
  | 'connect_failed'
  | 'no_permit'
  | 'queue_full'
  | 'circuit_open'
  | 'cancelled';

/** Why a request that left has no whole answer. */
export type LostReason =
  | 'headers_timeout'
  | 'body_timeout'
  | 'whole_timeout'
  | 'connection_lost'
  | 'answer_too_large'
  | 'answer_unreadable'
  | 'cancelled';

/** The bank answered in full; what it means is for the adapter to say. */
export interface AnsweredReply {
  readonly kind: 'answered';
  readonly httpStatus: number;
  readonly body: Buffer;
  readonly contentType: string | null;
  /** The wish of `Retry-After`, already capped; null when there is none. */
  readonly retryAfterMs: number | null;
}

/** How a call to a bank ended, from a closed list. */
export type BankReply =
  | AnsweredReply
  | { readonly kind: 'not_sent'; readonly reason: NotSentReason }
  | { readonly kind: 'lost'; readonly reason: LostReason };

/** One call as the transport needs it; secrets and personal data are in `headers` and `body` only. */
export interface BankRequest {
  /** A short name for metrics and logs, never the path. */
  readonly endpoint: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type FailedReply = Exclude<BankReply, AnsweredReply>;
