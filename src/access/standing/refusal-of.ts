import { ProblemError } from '../../platform/http/problem.js';
import type { CallerIdentity } from '../caller.decorator.js';

/** Why somebody who is known may not: usually for want of a permission. */
export const refusalOf = ({ session }: CallerIdentity): ProblemError =>
  new ProblemError(
    session?.mustChangePassword === true ? 'password_change_required' : 'not_permitted',
  );
