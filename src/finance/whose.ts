import type { CallerIdentity } from '../access/caller.decorator.js';
import { ProblemError } from '../platform/http/problem.js';

/**
 * Whose figures a caller is shown; null for everybody's. A merchant sees its own, and a test key none: its claims
 * never count.
 * @throws ProblemError
 */
export function merchantShown(asked: string | null, caller: CallerIdentity): string | null {
  if (caller.merchantId === null) return asked;
  // Whether another merchant exists is nobody's business.
  if (asked !== null && asked !== caller.merchantId) throw new ProblemError('not_found');
  if (caller.mode === 'test') throw new ProblemError('not_permitted');
  return caller.merchantId;
}
