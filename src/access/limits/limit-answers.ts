import type { FastifyReply } from 'fastify';
import { ProblemError } from '../../platform/http/problem.js';
import type { LimitPolicy, Rate } from './limits.config.js';
import type { Quota } from './request-window.js';

/** The `RateLimit` and `RateLimit-Policy` fields (draft-ietf-httpapi-ratelimit-headers-10). */
export function tellQuota(
  reply: FastifyReply,
  policy: LimitPolicy,
  { rate, quota }: { readonly rate: Rate; readonly quota: Quota },
): void {
  void reply
    .header('ratelimit-policy', `"${policy}";q=${rate.requests};w=${rate.seconds}`)
    .header('ratelimit', `"${policy}";r=${quota.remaining};t=${quota.resetSeconds}`);
  if (quota.allowed) return;
  throw new ProblemError('quota_exceeded', {
    facts: { policy, retryAfterSeconds: quota.resetSeconds },
    headers: { 'retry-after': String(quota.resetSeconds) },
  });
}
