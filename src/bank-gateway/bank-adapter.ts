import type { LocalDate } from '../kernel/local-date.js';
import type { BankAnswer } from '../matching/bank-answer.js';
import type { PaymentClaim } from '../matching/payment-claim.js';
import type { BankCapabilities } from './bank-gateway.port.js';
import type { AnsweredReply, BankRequest } from './http/bank-reply.js';

/** What an adapter makes of one reply. */
export interface Reading {
  readonly answer: BankAnswer;
  /** The bank's own code; null when the reply holds none. */
  readonly bankCode: string | null;
  /** The bank refused the proof of who is calling; another proof is worth one repeat. */
  readonly refusesAuthorization: boolean;
  /** What was wrong with the reply, as words for metrics: `malformed_row`, `unknown_code`, … */
  readonly problems: readonly string[];
  /** The rest of a listing that comes in pages; null when this was all of it. */
  readonly next: BankQuestion | null;
}

/** One call to the bank and how its reply is to be read; both know the modality, nobody else does. */
export interface BankQuestion {
  readonly request: BankRequest;
  readonly read: (reply: AnsweredReply) => Reading;
}

/**
 * What one bank's folder gives: how questions are put in the bank's words and how its replies are read. Pure: tokens,
 * permits, time-outs and repeats are the same for every bank and live in `http/` and `bank-line.ts`.
 */
export abstract class BankAdapter {
  abstract readonly capabilities: BankCapabilities;

  /** Null when the bank could only refuse: no modality for the kind, or evidence it needs is missing. */
  abstract lookUp(claim: PaymentClaim, on: LocalDate, askId: string): BankQuestion | null;

  /** Null when listing is not granted or the range is longer than the bank allows. */
  abstract list(
    account: string,
    from: LocalDate,
    to: LocalDate,
    askId: string,
  ): BankQuestion | null;
}
