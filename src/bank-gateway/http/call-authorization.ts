import type { Secret } from '../../platform/config/secret.js';
import type { AskPermits } from '../permits/ask-permits.js';
import type { BankReply } from './bank-reply.js';

/** What a call is sent with; a proof is compared by identity to tell a refused one from its successor. */
export interface Proof {
  readonly headers: Secret<Readonly<Record<string, string>>>;
}

export type Authorization =
  | { readonly outcome: 'granted'; readonly proof: Proof }
  /** A call for it needs a permit and none is free; null when that cannot be told. */
  | { readonly outcome: 'wait'; readonly waitMs: number | null }
  /** The bank will not have us: a person must act. `why` is a word, never what the bank wrote. */
  | { readonly outcome: 'refused'; readonly why: string }
  /** It could not be asked, or its answer was no answer. */
  | { readonly outcome: 'failed'; readonly reply: BankReply };

/** How calls under one credential prove who is calling. */
export abstract class CallAuthorization {
  /** Gets what can be got ahead, so that an ask need not wait for it. */
  abstract prepare(permits: AskPermits, signal: AbortSignal): Promise<Authorization>;

  /** The proof to send now. */
  abstract authorize(permits: AskPermits, signal: AbortSignal): Promise<Authorization>;

  /** The bank refused this proof: another one, or `refused` when the one before it was refused as well. */
  abstract renew(refused: Proof, permits: AskPermits, signal: AbortSignal): Promise<Authorization>;

  /** The bank took this proof; earlier refusals are forgotten. */
  abstract accepted(proof: Proof): void;
}
