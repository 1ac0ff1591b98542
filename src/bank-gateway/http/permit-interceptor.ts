import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import type { BankTransport } from './bank-transport.js';
import type { CallInProgress } from './call-in-progress.js';

declare module 'axios' {
  interface AxiosRequestConfig {
    bankCall?: CallInProgress;
  }
}

/** The call an axios configuration belongs to. */
export function callOf(config: { bankCall?: CallInProgress } | undefined): CallInProgress {
  assert(config?.bankCall !== undefined, 'a request outside of a call');
  return config.bankCall;
}

/**
 * Takes the permit of each attempt. As an interceptor it also runs before every repeat of axios-retry; around the
 * call, one permit would have covered them all.
 */
export function takePermitPerAttempt(
  axios: AxiosInstance,
  transport: BankTransport,
  clock: Clock,
  wholeMs: number,
): void {
  axios.interceptors.request.use(async (config: InternalAxiosRequestConfig) => {
    const call = callOf(config);
    config.signal = await call.begin(wholeMs, () => clock.monotonicMs());
    config.transport = transport.traced(call.trace);
    return config;
  });
}
