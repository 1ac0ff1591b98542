import { ProblemError } from '../../platform/http/problem.js';
import type { CallerIdentity } from '../caller.decorator.js';

/** Why somebody who is known may not: something is owed first, or, usually, a permission is wanting. */
export function refusalOf({ session }: CallerIdentity): ProblemError {
  const owed = session?.owes ?? null;
  return new ProblemError(owed === null ? 'not_permitted' : `${owed}_required`);
}
