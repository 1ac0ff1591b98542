import { RuleViolation, reject } from '../../src/kernel/rejection.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { SpanTracer } from '../../src/platform/tracing/span-tracer.js';
import { VERDICT_SECONDS } from '../../src/platform/tracing/tail-sampling.js';
import { TracingConfig } from '../../src/platform/tracing/tracing.config.js';
import { HttpSink } from '../support/http-sink.js';
import { spansAt } from '../support/spans.js';

describe('sending only the traces that are worth it', () => {
  let collector: HttpSink;

  beforeAll(async () => {
    collector = await HttpSink.start();
    const environment = {
      TRACING_OTLP_URL: `http://127.0.0.1:${collector.port}/v1/traces`,
      TRACING_SAMPLE_PERCENT: '0',
      TRACING_SLOW_VERDICT_SECONDS: '60',
    };
    const tracer = new SpanTracer(
      readConfiguration([TracingConfig], environment).section(TracingConfig),
      ['verifier'],
    );
    const verdictAfter = (seconds: number) =>
      tracer.span(`asked, verdict after ${seconds} s`, {}, async () => {
        tracer.start('verdict', { attributes: { [VERDICT_SECONDS]: seconds } }).end();
      });
    await tracer.span('ordinary', {}, () => Promise.resolve());
    await tracer
      .span('refused', {}, () => Promise.reject(new RuleViolation(reject('made_up'))))
      .catch(() => undefined);
    await tracer
      .span('request', {}, () =>
        tracer.span('failed append', {}, () => Promise.reject(new TypeError('payer 04141234567'))),
      )
      .catch(() => undefined);
    await verdictAfter(60);
    await verdictAfter(61);
    await tracer.close();
  });

  afterAll(() => collector.stop());

  it('keeps failures and late verdicts with all their steps, and drops what is ordinary', () => {
    expect(
      spansAt(collector)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['asked, verdict after 61 s', 'failed append', 'request', 'verdict']);
  });

  it('says what kind of error it was, and nothing of what it said', () => {
    const failed = spansAt(collector).find(({ name }) => name === 'failed append');

    expect(failed?.status).toMatchObject({ code: 2, message: 'TypeError' });
    expect(collector.received.map(({ body }) => body).join()).not.toContain('04141234567');
  });
});
