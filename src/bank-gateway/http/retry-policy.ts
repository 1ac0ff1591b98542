import type { AxiosInstance } from 'axios';
import axiosRetry from 'axios-retry';
import type { RandomSource } from '../../kernel/ids.js';
import { callOf } from './permit-interceptor.js';

export interface RetrySettings {
  /** Repeats after the first attempt; 0 turns them off. */
  readonly repeats: number;
  /** Upper end of the first pause; doubles with every repeat. */
  readonly pauseMs: number;
}

/**
 * Repeats only what failed before anything was sent. Every setting is written out: axios-retry's defaults would
 * repeat a POST after a reset, three times and at once, and obey a `Retry-After` of any length.
 */
export function repeatWhatWasNotSent(
  axios: AxiosInstance,
  { repeats, pauseMs }: RetrySettings,
  random: RandomSource,
): void {
  axiosRetry(axios, {
    retries: repeats,
    retryCondition: (error) => callOf(error.config).mayRepeat,
    // Full jitter: instances that lost the bank together do not come back together.
    retryDelay: (repeat) => pauseMs * 2 ** (repeat - 1) * unitInterval(random),
    shouldResetTimeout: true,
    validateResponse: null,
    onRetry: () => undefined,
    onMaxRetryTimesExceeded: () => undefined,
  });
}

const unitInterval = (random: RandomSource): number => random.bytes(4).readUInt32BE() / 2 ** 32;
