import type { CallerIdentity } from '../access/caller.decorator.js';
import { ProblemError } from '../platform/http/problem.js';

/** Whether the merchant's figures are the caller's to see. */
export const mayLookAt = (merchantId: string, caller: CallerIdentity): boolean =>
  caller.merchantId === null || caller.merchantId === merchantId;

/** Whose figures; null for everybody's. A merchant's key sees its own, and a test key none: its claims never count. */
export function merchantOf(asked: string | undefined, caller: CallerIdentity): string | null {
  // Whether another merchant exists is nobody's business.
  if (asked !== undefined && !mayLookAt(asked, caller)) throw new ProblemError('not_found');
  if (caller.merchantId === null) return asked ?? null;
  if (caller.mode === 'test') throw new ProblemError('not_permitted');
  return caller.merchantId;
}
