import type { BankAnswer } from '../matching/bank-answer.js';
import type { BankQuestion } from './bank-adapter.js';
import type { BankHttpClient } from './http/bank-http-client.js';
import type { BankMeter } from './http/bank-meter.js';
import type { AnsweredReply, BankReply } from './http/bank-reply.js';
import type { Authorization, CallAuthorization, Proof } from './http/call-authorization.js';
import type { AskPermits } from './permits/ask-permits.js';

export interface ExchangeParts {
  readonly client: Pick<BankHttpClient, 'send'>;
  readonly authorization: CallAuthorization;
  readonly meter: BankMeter;
}

export interface ExchangePermits {
  readonly calls: AskPermits;
  readonly tokens: AskPermits;
}

/** What one question came to. */
export interface Heard {
  readonly answer: BankAnswer;
  readonly bankCode: string | null;
  /** The last reply that came in whole, its meaning aside. */
  readonly reply: AnsweredReply | null;
  readonly next: BankQuestion | null;
  /** Why credentials were refused, as a word; empty otherwise. */
  readonly why: string;
}

/** One question and its reply: proves who asks, and renews the proof once when the bank refuses it. */
export async function exchange(
  question: BankQuestion,
  parts: ExchangeParts,
  permits: ExchangePermits,
  signal: AbortSignal,
): Promise<Heard> {
  const send = async (proof: Proof): Promise<Heard & { readonly refused: boolean }> => {
    const headers = { ...question.request.headers, ...proof.headers.reveal() };
    const reply = await parts.client.send({ ...question.request, headers }, permits.calls, signal);
    return interpret(reply, question, parts.meter);
  };

  const first = await parts.authorization.authorize(permits.tokens, signal);
  if (first.outcome !== 'granted') return unauthorised(first, null);
  const heard = await send(first.proof);
  if (!heard.refused) return accept(heard, first.proof, parts.authorization);

  const second = await parts.authorization.renew(first.proof, permits.tokens, signal);
  if (second.outcome !== 'granted') return unauthorised(second, heard.reply);
  const repeated = await send(second.proof);
  if (!repeated.refused) return accept(repeated, second.proof, parts.authorization);

  // Two proofs in a row were refused: `renew` is told, and answers that it is the credential.
  const third = await parts.authorization.renew(second.proof, permits.tokens, signal);
  return third.outcome === 'granted'
    ? heardNothing(repeated.reply)
    : unauthorised(third, repeated.reply);
}

function accept(heard: Heard, proof: Proof, authorization: CallAuthorization): Heard {
  // Only the bank's own answer shows that it took the proof.
  if (heard.reply !== null && heard.bankCode !== null) authorization.accepted(proof);
  return heard;
}

function interpret(reply: BankReply, question: BankQuestion, meter: BankMeter) {
  if (reply.kind === 'not_sent') return { ...heardNothing(null), refused: false };
  if (reply.kind === 'lost') return { ...heardNothing(null, 'outcome_unknown'), refused: false };
  const reading = question.read(reply);
  for (const problem of reading.problems) meter.error(problem);
  const { answer, bankCode, next, refusesAuthorization: refused } = reading;
  return { answer, bankCode, reply, next, why: refused ? 'call_refused' : '', refused };
}

function unauthorised(
  authorization: Exclude<Authorization, { outcome: 'granted' }>,
  reply: AnsweredReply | null,
): Heard {
  if (authorization.outcome === 'refused') {
    return { ...heardNothing(reply, 'credentials_refused'), why: authorization.why };
  }
  const nothing = heardNothing(reply);
  return authorization.outcome === 'wait'
    ? nothing
    : { ...nothing, ...meaningOfTokenReply(authorization.reply) };
}

/** The question itself was never sent, so whatever became of the token call, nothing about it is in doubt. */
export function meaningOfTokenReply(reply: BankReply): Pick<Heard, 'answer' | 'reply'> {
  if (reply.kind !== 'answered') return { answer: { outcome: 'unavailable' }, reply: null };
  return reply.httpStatus === 429
    ? { answer: { outcome: 'rate_limited', retryAfterMs: reply.retryAfterMs }, reply }
    : { answer: { outcome: 'unavailable' }, reply };
}

const heardNothing = (
  reply: AnsweredReply | null,
  outcome: 'unavailable' | 'outcome_unknown' | 'credentials_refused' = 'unavailable',
): Heard => ({ answer: { outcome }, bankCode: null, reply, next: null, why: '' });
