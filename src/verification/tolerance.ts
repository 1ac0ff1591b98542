import type { Tolerance } from '../matching/payment-claim.js';
import type { TransactionSoFar } from '../transactions/load-transaction/load-transaction.query.js';

/** The merchant's tolerance as it was when the claim came. */
export const toleranceOf = ({ claim }: TransactionSoFar): Tolerance => ({
  underMinor: BigInt(claim.toleranceUnderMinor),
  overMinor: BigInt(claim.toleranceOverMinor),
});
