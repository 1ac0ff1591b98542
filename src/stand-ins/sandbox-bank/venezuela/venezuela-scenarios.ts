import { ANSWER_SCENARIOS } from '../answer-scenarios.js';
import { json } from '../answer.js';
import { ROW_SCENARIOS } from '../row-scenarios.js';
import type { Scenario } from '../scenario.js';
import { notDone, overLimit, reconciledBefore, unknownClient } from './venezuela-answers.js';

/** What this bank does as the first one does it, under the same number and name. */
function shared(
  from: readonly Scenario[],
  names: readonly string[],
  change: Partial<Pick<Scenario, 'summary' | 'expected'>> = {},
): readonly Scenario[] {
  return names.map((name) => {
    const found = from.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no scenario is called ${name}`);
    return { ...found, ...change };
  });
}

// The bank reconciled the payment when it was asked, and will never name it again.
const TOLD_BEFORE = 'pending (outcome unknown), then needs_review: unsupported_evidence';

/** Every behaviour of the second bank that the sandbox knows by name; docs/sandbox.md lists the same. */
export const VENEZUELA_SCENARIOS: readonly Scenario[] = [
  ...shared(ROW_SCENARIOS, ['plain', 'late-credit', 'never-visible']),
  ...shared(ROW_SCENARIOS, ['amount-one-cent-less', 'amount-one-cent-more']),
  {
    number: 10,
    name: 'commission-twin-debit',
    summary: 'the statement shows a second row with the same reference: the commission',
    expected: 'verified',
    ...rowsOf('commission-twin-debit'),
  },
  ...shared(ROW_SCENARIOS, ['debit-only']),
  {
    number: 20,
    name: 'reversal',
    summary: 'from the second ask on, the statement shows a debit beside the credit',
    expected: 'verified, then reversal_suspected',
    ...rowsOf('reversal'),
  },
  {
    number: 30,
    name: 'rate-limited',
    summary: '429 with `Retry-After` in seconds',
    expected: 'pending, then verified; nothing is sent before that time',
    turnsAway: true,
    answer: () => overLimit('2'),
  },
  {
    number: 32,
    name: 'rate-limited-silent',
    summary: '429 without `Retry-After`',
    expected: 'pending, then verified after at least one full window',
    turnsAway: true,
    answer: () => overLimit(null),
  },
  ...shared(ANSWER_SCENARIOS, ['unavailable', 'internal-error', 'gateway-timeout'], {
    expected: TOLD_BEFORE,
  }),
  ...shared(
    ANSWER_SCENARIOS,
    ['reset-after-send', 'half-answer', 'slow-answer', 'trickle', 'html', 'malformed-json'],
    { expected: TOLD_BEFORE },
  ),
  ...shared(ANSWER_SCENARIOS, ['wrong-content-type']),
  ...shared(ANSWER_SCENARIOS, ['empty-body', 'huge-body'], { expected: TOLD_BEFORE }),
  {
    number: 80,
    name: 'already-reconciled',
    summary: '1010 "ya fue conciliado" at the first ask: somebody else asked before',
    expected: 'needs_review: unsupported_evidence',
    times: Infinity,
    answer: reconciledBefore,
  },
  {
    number: 81,
    name: 'key-refused',
    summary: '1010 "Cliente no afiliado": the key is no longer good',
    expected: 'pending; the gateway closes and alerts',
    times: Infinity,
    turnsAway: true,
    answer: unknownClient,
  },
  {
    number: 82,
    name: 'unknown-wording',
    summary: '1010 in words that no manual explains',
    expected: 'pending, never "not found"',
    times: Infinity,
    answer: () => notDone('Intente más tarde'),
  },
  {
    number: 83,
    name: 'unknown-code',
    summary: 'code 2000 on HTTP 200, without rows',
    expected: 'pending, never "not found"',
    times: Infinity,
    answer: () => json(200, { code: 2000, message: '', data: {}, status: 200 }),
  },
  {
    number: 84,
    name: 'success-without-amount',
    summary: '1000 that names no amount',
    expected: 'pending (malformed answer), never verified',
    times: Infinity,
    answer: () => json(200, { code: 1000, message: '', data: {}, status: 200 }),
  },
  {
    number: 85,
    name: 'contradictory-amount',
    summary: '1010 "monto" with the very amount that was asked',
    expected: 'pending (contradictory answer), never verified',
    times: Infinity,
    answer: (regular) =>
      notDone(`monto : ${amountIn(regular.body)} - estatus : Transacción realizada`),
  },
];

function rowsOf(name: string): Pick<Scenario, 'rows'> {
  const rows = ROW_SCENARIOS.find((one) => one.name === name)?.rows;
  return rows === undefined ? {} : { rows };
}

const amountIn = (body: string): string => /"amount":"([\d.]+)"/.exec(body)?.[1] ?? '';
