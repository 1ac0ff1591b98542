import { emptyOr, flag, text, wholeNumber } from '../config/shapes.js';
import { configSection, optionalSecretVariable, variable } from '../config/variable.js';
import { reportAddress, traceAddress } from './telemetry-address.js';

/** Where traces go, and which are kept. Without an address nothing is traced and nothing of it is loaded. */
export class TracingConfig extends configSection({
  url: variable('TRACING_OTLP_URL', emptyOr(traceAddress), {
    fallback: '',
    doc: 'Where traces are sent, as OTLP over HTTP, such as `http://collector:4318/v1/traces`; empty traces nothing.',
  }),
  authorization: optionalSecretVariable('TRACING_OTLP_AUTHORIZATION', text, {
    doc: 'The `Authorization` header that the receiver of traces asks for, if any.',
  }),
  privateNetwork: variable('TRACING_PRIVATE_NETWORK', flag, {
    fallback: 'false',
    doc: 'true where the receiver of traces has a public name that leads to a private address.',
  }),
  samplePercent: variable('TRACING_SAMPLE_PERCENT', wholeNumber(0, 100), {
    fallback: '5',
    doc: 'How many of a hundred traces are kept; those with an error or a delay always are.',
  }),
  slowMs: variable('TRACING_SLOW_MS', wholeNumber(1, 600_000), {
    fallback: '2000',
    doc: 'A trace with a step that took longer than this is always kept.',
  }),
  bankTraceparent: variable('TRACING_BANK_TRACEPARENT', flag, {
    fallback: 'false',
    doc: 'Whether banks are sent the id of our trace with each call (`traceparent`), where they agreed to keep it.',
  }),
  slowVerdictSeconds: variable('TRACING_SLOW_VERDICT_SECONDS', wholeNumber(1, 2_592_000), {
    fallback: '900',
    doc: 'A trace of a verdict that came later than this after its submission is always kept.',
  }),
}) {}

/** Where our mistakes are reported. */
export class SentryConfig extends configSection({
  dsn: optionalSecretVariable('SENTRY_DSN', emptyOr(reportAddress), {
    doc: 'Where errors are reported, without anything personal; empty reports nothing.',
  }),
  privateNetwork: variable('SENTRY_PRIVATE_NETWORK', flag, {
    fallback: 'false',
    doc: 'true where SENTRY_DSN has a public name that leads to a private address.',
  }),
  environment: variable('SENTRY_ENVIRONMENT', text, {
    fallback: 'production',
    doc: 'What Sentry calls this installation.',
  }),
}) {}
