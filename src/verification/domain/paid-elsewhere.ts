import type { LocalDate } from '../../kernel/local-date.js';
import type { BankAnswer } from '../../matching/bank-answer.js';

/** Rows that were paid to another account say nothing of the claim; where nothing else is left, nothing is visible. */
export function withoutOthers(
  answer: BankAnswer,
  paidToOthers: (day: LocalDate) => boolean,
): BankAnswer {
  if (answer.outcome !== 'found') return answer;
  const movements = answer.movements.filter(({ bankOn }) => !paidToOthers(bankOn));
  if (movements.length > 0) return { ...answer, movements };
  // A row whose reference the bank hides may be the payment.
  return { outcome: (answer.hidden ?? 0) > 0 ? 'unavailable' : 'not_visible_yet' };
}
