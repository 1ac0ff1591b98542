import { ascendingNumbers, flag, wholeNumber } from '../platform/config/shapes.js';
import { configSection, variable } from '../platform/config/variable.js';
import type { RetryTerms } from './deliveries/webhook-schedule.js';

/** How messages are brought to merchants' backends. */
export class WebhooksConfig extends configSection({
  retrySeconds: variable('WEBHOOK_RETRY_SECONDS', ascendingNumbers, {
    fallback: '5,300,1800,7200,18000,36000,50400,72000,86400',
    doc: 'How long to wait after each failed try of a message; after the last one it is given up. Three days in all.',
  }),
  timeoutMs: variable('WEBHOOK_TIMEOUT_MS', wholeNumber(100, 30_000), {
    fallback: '15000',
    doc: 'Longest time of one try as a whole.',
  }),
  longestHoldSeconds: variable('WEBHOOK_LONGEST_HOLD_SECONDS', wholeNumber(0, 86_400), {
    fallback: '3600',
    doc: 'The longest Retry-After of a receiver that is honoured.',
  }),
  disableAfterHours: variable('WEBHOOK_DISABLE_AFTER_HOURS', wholeNumber(1, 720), {
    fallback: '96',
    doc: 'An endpoint that has answered nothing but failures for so long is disabled.',
  }),
  concurrency: variable('WEBHOOK_CONCURRENCY', wholeNumber(1, 500), {
    fallback: '32',
    doc: 'Most messages that one process sends at once.',
  }),
  endpointConcurrency: variable('WEBHOOK_ENDPOINT_CONCURRENCY', wholeNumber(1, 100), {
    fallback: '4',
    doc: 'Most messages that are on their way to one endpoint at once, whichever processes send them.',
  }),
  pausedKeptDays: variable('WEBHOOK_PAUSED_KEPT_DAYS', wholeNumber(1, 30), {
    fallback: '7',
    doc: 'How long messages wait for an endpoint that is paused or disabled.',
  }),
  keptDays: variable('WEBHOOK_KEPT_DAYS', wholeNumber(1, 365), {
    fallback: '30',
    doc: 'How long messages and their tries can be listed and replayed.',
  }),
  privateNetwork: variable('WEBHOOK_PRIVATE_NETWORK', flag, {
    fallback: 'false',
    doc: 'true lets endpoints lie in a private network and be called without TLS; for development only.',
  }),
}) {}

const HOUR_MS = 3_600_000;

export const retryTermsOf = (config: WebhooksConfig): RetryTerms => ({
  delaysMs: config.retrySeconds.map((seconds) => seconds * 1_000),
  longestHoldMs: config.longestHoldSeconds * 1_000,
  disableAfterMs: config.disableAfterHours * HOUR_MS,
});
