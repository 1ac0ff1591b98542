import type { CallerIdentity } from '../../access/caller.decorator.js';
import { ProblemError } from '../../platform/http/problem.js';
import type { CreateEndpointBody } from './webhook-endpoint.resource.js';
import type { Scope } from './webhook-endpoint.store.js';

/** What a caller may see and change: its own merchant's in its own mode, or everybody's. */
export const scopeOf = ({ merchantId, mode }: CallerIdentity): Scope =>
  merchantId === null ? null : { merchantId, mode };

/**
 * Whose endpoint is made. The operator says it; a merchant may say nothing else than itself.
 * @throws ProblemError
 */
export function ownerOf(
  { merchant_id: named, mode }: CreateEndpointBody,
  caller: CallerIdentity,
): { readonly merchantId: string; readonly mode: 'live' | 'test' } {
  if (caller.merchantId === null) {
    if (named === undefined) throw wrong('merchant_id', 'must name the merchant');
    return { merchantId: named, mode: mode ?? 'live' };
  }
  const { merchantId } = caller;
  if (named !== undefined && named !== merchantId) throw wrong('merchant_id', 'must be your own');
  if (mode !== undefined && mode !== caller.mode) throw wrong('mode', "must be your key's own");
  return { merchantId, mode: caller.mode };
}

const wrong = (field: string, reason: string): ProblemError =>
  new ProblemError('invalid_input', { errors: [{ in: 'body', pointer: `/${field}`, reason }] });
