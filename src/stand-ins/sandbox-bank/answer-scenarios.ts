import { type Answer, coded, json, text } from './answer.js';
import type { Scenario } from './scenario.js';

const HUGE_BYTES = 32 * 1024 * 1024;

const withHeader = (answer: Answer, name: string, value: string): Answer => ({
  ...answer,
  headers: { ...answer.headers, [name]: value },
});

const bare = (status: number) => (): Answer => text(status, '');

const PAGE = '<!doctype html><html><body><h1>Service Unavailable</h1></body></html>';

const unknownCode = (statusCode: string): Answer =>
  json(200, { httpStatus: { statusCode, statusDesc: 'Error desconocido' }, dataResponse: null });

/** The rows of a good answer, as the wire has them. */
const rowsOf = (regular: Answer): unknown[] => {
  const body = JSON.parse(regular.body) as {
    dataResponse?: { transactionDetail?: unknown[] } | null;
  };
  return body.dataResponse?.transactionDetail ?? [];
};

const withRows = (transactionDetail: unknown): Answer =>
  json(200, {
    httpStatus: { statusCode: 200, statusDesc: 'OK' },
    dataResponse: { transactionDetail },
  });

/** Behaviours that concern one answer as a whole; each spoils the first ask unless it says otherwise. */
export const ANSWER_SCENARIOS: readonly Scenario[] = [
  {
    number: 30,
    name: 'rate-limited',
    summary: '429 VRN05 with `Retry-After` in seconds',
    expected: 'pending, then verified; nothing is sent before that time',
    answer: (_, { flavour }) => withHeader(coded('VRN05', flavour), 'retry-after', '2'),
  },
  {
    number: 31,
    name: 'rate-limited-until-date',
    summary: '429 VRN05 with `Retry-After` as a date',
    expected: 'pending, then verified; nothing is sent before that date',
    answer: (_, { flavour, now }) => {
      const until = new Date(now.getTime() + 3_000).toUTCString();
      return withHeader(coded('VRN05', flavour), 'retry-after', until);
    },
  },
  {
    number: 32,
    name: 'rate-limited-silent',
    summary: '429 VRN05 without `Retry-After`',
    expected: 'pending, then verified after at least one full window',
    answer: (_, { flavour }) => coded('VRN05', flavour),
  },
  {
    number: 33,
    name: 'maintenance',
    summary: '503 VRN04: maintenance',
    expected: 'pending; the gateway pauses',
    answer: (_, { flavour }) => coded('VRN04', flavour),
  },
  {
    number: 34,
    name: 'maintenance-crt503',
    summary: '503 CRT503, the other spelling of maintenance',
    expected: 'pending; the gateway pauses',
    answer: (_, { flavour }) => coded('CRT503', flavour),
  },
  {
    number: 35,
    name: 'dependency-failed',
    summary: '424 VRN06: something behind the bank failed',
    expected: 'pending, then verified',
    answer: (_, { flavour }) => coded('VRN06', flavour),
  },
  {
    number: 36,
    name: 'unavailable',
    summary: '503 without a body',
    expected: 'pending, then verified',
    answer: bare(503),
  },
  {
    number: 37,
    name: 'internal-error',
    summary: '500 without a body',
    expected: 'pending, then verified',
    answer: bare(500),
  },
  {
    number: 38,
    name: 'gateway-timeout',
    summary: '504 without a body',
    expected: 'pending, then verified',
    answer: bare(504),
  },
  {
    number: 39,
    name: 'no-content',
    summary: '204',
    expected: 'pending, then verified',
    answer: bare(204),
  },
  {
    number: 40,
    name: 'conflict',
    summary: '409 without a body',
    expected: 'pending, then verified',
    answer: bare(409),
  },
  {
    number: 41,
    name: 'unprocessable',
    summary: '422 without a body',
    expected: 'pending, then verified',
    answer: bare(422),
  },
  {
    number: 42,
    name: 'unknown-code',
    summary: 'a code that is in no table, on 200',
    expected: 'pending, never "not found"',
    answer: () => unknownCode('70099'),
  },
  {
    number: 43,
    name: 'foreign-success-code',
    summary: 'code `00`, success at other banks, on 200 and without rows',
    expected: 'pending, never "not found"',
    answer: () => unknownCode('00'),
  },
  {
    number: 44,
    name: 'not-found-on-400',
    summary: '70001 on HTTP 400, whichever the environment',
    expected: 'pending, then verified',
    answer: () => coded('70001', 'production'),
  },
  {
    number: 45,
    name: 'rows-on-500',
    summary: 'a good body on HTTP 500: the body is read before the status',
    expected: 'verified',
    times: Infinity,
    answer: (regular) => ({ ...regular, status: 500 }),
  },
  {
    number: 46,
    name: 'empty-list',
    summary: '200 with an empty list',
    expected: 'pending, then verified',
    answer: () => withRows([]),
  },
  {
    number: 47,
    name: 'single-object',
    summary: 'one object where a list is promised',
    expected: 'verified',
    times: Infinity,
    answer: (regular) => withRows(rowsOf(regular)[0] ?? []),
  },
  {
    number: 48,
    name: 'token-expired-mid-flight',
    summary: 'the token dies under way: 401 in QA, 403 in production, until it is renewed',
    expected: 'verified after one renewal, which takes a permit of its own',
    revokesTokens: true,
    answer: (_, { flavour }) => refusedToken(flavour),
  },
  {
    number: 49,
    name: 'token-refused',
    summary: 'every token is refused at this look-up',
    expected: 'pending; a second refusal closes the gateway and alerts',
    times: Infinity,
    answer: (_, { flavour }) => refusedToken(flavour),
  },
  {
    number: 50,
    name: 'credentials-rejected',
    summary: 'VRN01: the credentials are no longer good',
    expected: 'pending; the gateway closes and alerts',
    times: Infinity,
    answer: (_, { flavour }) => coded('VRN01', flavour),
  },
  {
    number: 51,
    name: 'reset-after-send',
    summary: 'the connection is cut after the request was read',
    expected: 'pending (outcome unknown, the permit is spent), then verified',
    answer: (regular) => ({ ...regular, delivery: 'reset' }),
  },
  {
    number: 52,
    name: 'half-answer',
    summary: 'the connection is cut in the middle of the body',
    expected: 'pending (outcome unknown), then verified',
    answer: (regular) => ({ ...regular, delivery: 'half' }),
  },
  {
    number: 53,
    name: 'slow-answer',
    summary: 'a good answer after 40 s (`--slow-answer-ms`)',
    expected: 'pending (outcome unknown), then verified',
    answer: (regular, { rules }) => ({ ...regular, delayMs: rules.slowAnswerMs }),
  },
  {
    number: 54,
    name: 'trickle',
    summary: 'a good answer, four bytes a second',
    expected: 'pending (outcome unknown), then verified',
    answer: (regular) => ({ ...regular, delivery: 'trickle' }),
  },
  {
    number: 55,
    name: 'html',
    summary: '200 with an HTML page',
    expected: 'pending, then verified',
    answer: () => text(200, PAGE, 'text/html'),
  },
  {
    number: 56,
    name: 'malformed-json',
    summary: 'JSON that stops half-way, with the right length',
    expected: 'pending, then verified',
    answer: (regular) => ({ ...regular, body: regular.body.slice(0, -3) }),
  },
  {
    number: 57,
    name: 'wrong-content-type',
    summary: 'good JSON that calls itself text',
    expected: 'verified',
    times: Infinity,
    answer: (regular) => withHeader(regular, 'content-type', 'text/plain'),
  },
  {
    number: 58,
    name: 'empty-body',
    summary: '200 without a body',
    expected: 'pending, then verified',
    answer: bare(200),
  },
  {
    number: 59,
    name: 'huge-body',
    summary: 'a body of 32 MB',
    expected: 'pending (the size is bounded), then verified',
    answer: (regular) => ({ ...regular, body: regular.body + ' '.repeat(HUGE_BYTES) }),
  },
];

/** What a call with no good token is told: 401 with JSON in QA, the gateway's bare 403 in production. */
export const refusedToken = (flavour: 'qa' | 'production'): Answer =>
  flavour === 'qa' ? json(401, { error: 'invalid_token' }) : text(403, 'Authentication failed');
