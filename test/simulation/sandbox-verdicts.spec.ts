import { SCENARIOS } from '../../src/stand-ins/sandbox-bank/scenarios.js';
import { endingOf, type Ending } from './one-claim.js';

const ending = (status: string, asks: number, reason: string | null = null): Ending => ({
  status,
  reason,
  asks,
});

const AT_ONCE = ending('verified', 1);
// The first answer says nothing, the second shows the credit.
const AT_THE_SECOND = ending('verified', 2);
const DIFFERS = ending('needs_review', 1, 'amount_differs');
const DOUBTFUL = ending('needs_review', 1, 'ambiguous_movements');
// 0, 1, 2, 5, 15 and 60 minutes, the day before, each hour until the deadline of six, and right behind it.
const EXPIRED = ending('expired', 12);
// A bank whose answers cannot be read is asked again every quarter of an hour, and never understood to say no.
const NEVER_UNDERSTOOD = ending('pending', 36);
// The gateway closed after the second, and waits for a person.
const CLOSED = ending('pending', 2);

/** What the service makes of each fault in the sandbox's catalogue. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  plain: AT_ONCE,
  'late-credit': AT_THE_SECOND,
  'never-visible': EXPIRED,
  'amount-one-cent-less': DIFFERS,
  'amount-one-cent-more': DIFFERS,
  'amount-quite-different': DIFFERS,
  'zero-stripped': AT_ONCE,
  'short-tail': AT_ONCE,
  'reference-as-number': AT_ONCE,
  'masked-reference': ending('needs_review', 1, 'unsupported_evidence'),
  'commission-twin-debit': AT_ONCE,
  'commission-twin-credit': AT_ONCE,
  // Both have whole references, and neither is the one that was claimed.
  'two-alike': EXPIRED,
  'duplicate-rows': AT_ONCE,
  'debit-only': EXPIRED,
  'next-day': DOUBTFUL,
  'other-currency': EXPIRED,
  'other-payer': DOUBTFUL,
  contradiction: DIFFERS,
  vanishing: AT_ONCE,
  reversal: AT_ONCE,
  'amount-as-string': AT_ONCE,
  'amount-with-comma': NEVER_UNDERSTOOD,
  'missing-fields': NEVER_UNDERSTOOD,
  'rate-limited': AT_THE_SECOND,
  'rate-limited-until-date': AT_THE_SECOND,
  'rate-limited-silent': AT_THE_SECOND,
  maintenance: AT_THE_SECOND,
  'maintenance-crt503': AT_THE_SECOND,
  'dependency-failed': AT_THE_SECOND,
  unavailable: AT_THE_SECOND,
  'internal-error': AT_THE_SECOND,
  'gateway-timeout': AT_THE_SECOND,
  'no-content': AT_THE_SECOND,
  conflict: AT_THE_SECOND,
  unprocessable: AT_THE_SECOND,
  'unknown-code': AT_THE_SECOND,
  'foreign-success-code': AT_THE_SECOND,
  'not-found-on-400': AT_THE_SECOND,
  'rows-on-500': AT_ONCE,
  'empty-list': AT_THE_SECOND,
  'single-object': AT_ONCE,
  // The token that renewed it took the last permit of the minute.
  'token-expired-mid-flight': AT_THE_SECOND,
  'token-refused': CLOSED,
  'credentials-rejected': CLOSED,
  'reset-after-send': AT_THE_SECOND,
  'half-answer': AT_THE_SECOND,
  'slow-answer': AT_THE_SECOND,
  trickle: AT_THE_SECOND,
  html: AT_THE_SECOND,
  'malformed-json': AT_THE_SECOND,
  'wrong-content-type': AT_ONCE,
  'empty-body': AT_THE_SECOND,
  'huge-body': AT_THE_SECOND,
  'token-client-refused': ending('pending', 0),
  'token-without-lifetime': AT_ONCE,
  'token-short-lived': AT_ONCE,
  'token-echoes-secret': AT_ONCE,
};

describe('giving a verdict on every fault of the sandbox', () => {
  it('has one for each in the catalogue, and for no other', () => {
    expect(Object.keys(ENDINGS).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(ENDINGS))('%s, in both environments', async (name, expected) => {
    expect(await endingOf(name, 'qa')).toEqual(expected);
    expect(await endingOf(name, 'production')).toEqual(expected);
  });

  it('leaves two that differ before a tail to a person, where only the tail was claimed', async () => {
    expect(await endingOf('two-alike', 'qa', '')).toEqual(DOUBTFUL);
  });
});
