/** What came of one try to deliver; a closed list, since metrics and rules go by it. */
export type AttemptOutcome =
  | 'delivered'
  /** The receiver says that nobody is there any more. */
  | 'gone'
  /** It asks for fewer calls, or is not there for the moment. */
  | 'throttled'
  /** It answered with what is no success: a redirect, a refusal or a failure. */
  | 'refused'
  | 'timeout'
  /** No connection, or one that broke. */
  | 'unreachable'
  /** Its name leads to an address that must not be called. */
  | 'forbidden_address';

/** One try, as the rules need to know it. */
export interface Attempted {
  readonly outcome: AttemptOutcome;
  /** The receiver's own wish, when it named one. */
  readonly retryAfterMs: number | null;
}

export interface RetryTerms {
  /** How long to wait after the first failure, the second one and so on; after the last entry it is given up. */
  readonly delaysMs: readonly number[];
  /** The longest wish of a receiver that is honoured. */
  readonly longestHoldMs: number;
  /** An endpoint that has answered nothing but failures for so long is disabled. */
  readonly disableAfterMs: number;
}

/** What has gone before: tries since the message was last due anew, and since when the endpoint fails. */
export interface Standing {
  /** This one included. */
  readonly tries: number;
  /** Since the first failure after the last success; null when the last call was one. */
  readonly failingForMs: number | null;
}

/** What becomes of the delivery and of its endpoint. */
export interface Consequence {
  readonly delivery:
    | { readonly status: 'delivered' }
    | { readonly status: 'pending'; readonly afterMs: number }
    | { readonly status: 'given_up' };
  readonly endpoint:
    | { readonly do: 'nothing' }
    /** It gets nothing for a while. */
    | { readonly do: 'hold'; readonly forMs: number }
    | { readonly do: 'disable'; readonly reason: 'gone' | 'failing' };
}

// Up to a fifth later, never earlier: many that failed together do not come back together.
const JITTER_SHARE = 0.2;

/** The statuses by which a receiver asks for fewer calls (Standard Webhooks: 429, 502, 503 and 504). */
const THROTTLING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What an answer's status says. Only 2xx is success; a redirect is not followed. */
export function outcomeOf(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  return THROTTLING.has(status) ? 'throttled' : 'refused';
}

/** What follows from a try. `jitter` lies between 0 and 1. */
export function afterAttempt(
  { outcome, retryAfterMs }: Attempted,
  { tries, failingForMs }: Standing,
  terms: RetryTerms,
  jitter: number,
): Consequence {
  if (outcome === 'delivered') return { delivery: { status: 'delivered' }, endpoint: NOTHING };
  // Nobody refuses a message by saying 410: it waits until the endpoint is enabled again.
  if (outcome === 'gone') return { delivery: AT_ONCE, endpoint: { do: 'disable', reason: 'gone' } };
  const wishMs = outcome === 'throttled' ? (retryAfterMs ?? 0) : 0;
  const heldMs = Math.min(wishMs, terms.longestHoldMs);
  const delayMs = terms.delaysMs[tries - 1];
  const delivery: Consequence['delivery'] =
    delayMs === undefined
      ? { status: 'given_up' }
      : { status: 'pending', afterMs: Math.max(jittered(delayMs, jitter), heldMs) };
  if (failingForMs !== null && failingForMs >= terms.disableAfterMs) {
    return { delivery, endpoint: { do: 'disable', reason: 'failing' } };
  }
  return { delivery, endpoint: heldMs > 0 ? { do: 'hold', forMs: heldMs } : NOTHING };
}

const AT_ONCE = { status: 'pending', afterMs: 0 } as const;
const NOTHING = { do: 'nothing' } as const;

const jittered = (delayMs: number, jitter: number): number =>
  Math.round(delayMs * (1 + JITTER_SHARE * jitter));
