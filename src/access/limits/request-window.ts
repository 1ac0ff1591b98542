import type { Rate } from './limits.config.js';

/** What a caller has left. */
export interface Quota {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** The window that an instant lies in; all instances agree on it, as far as their clocks do. */
export const windowStartMs = ({ seconds }: Rate, nowMs: number): number =>
  Math.floor(nowMs / (seconds * 1000)) * seconds * 1000;

/** What is left after so many uses, the present one among them. */
export function quotaAfter(rate: Rate, used: number, nowMs: number): Quota {
  const endsMs = windowStartMs(rate, nowMs) + rate.seconds * 1000;
  return {
    allowed: used <= rate.requests,
    remaining: Math.max(0, rate.requests - used),
    resetSeconds: Math.max(1, Math.ceil((endsMs - nowMs) / 1000)),
  };
}
