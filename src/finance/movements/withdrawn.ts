import { daysBetween, type LocalDate } from '../../kernel/local-date.js';
import { referenceDigitsOf } from '../../matching/movement.js';
import { asReported, relateReferences } from '../../matching/reference.js';
import type { ListedMovement, WithdrawnClaim } from './movements.store.js';

/** True when a credit fits a claim as matching has it: a neighbouring day needs the whole reference. */
function fits(credit: ListedMovement, claim: WithdrawnClaim): boolean {
  const digits = referenceDigitsOf(credit.slot);
  const relation = relateReferences(claim.reference, asReported(credit.reference, digits), digits);
  const apart = Math.abs(daysBetween(claim.paid_on as LocalDate, credit.bank_on as LocalDate));
  const isOnAccount =
    credit.receiving_account_id === null ||
    credit.receiving_account_id === claim.receiving_account_id;
  return (
    isOnAccount &&
    claim.bank === credit.bank &&
    claim.currency === credit.currency &&
    claim.amount_minor === credit.amount_minor &&
    (relation === 'same' ? apart <= 1 : relation === 'compatible' && apart === 0)
  );
}

/** The withdrawn claim that an unclaimed credit seems to be the payment of; the first, where there are several. */
export const withdrawnFor = (
  credit: ListedMovement,
  claims: readonly WithdrawnClaim[],
): string | null =>
  credit.state === 'unclaimed'
    ? (claims.find((claim) => fits(credit, claim))?.transaction_id ?? null)
    : null;
