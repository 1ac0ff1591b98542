import { readConfiguration } from './platform/config/config.js';
import { SpanTracer } from './platform/tracing/span-tracer.js';
import { TracingConfig } from './platform/tracing/tracing.config.js';
import { BankAdapter, type BankQuestion, type Reading } from './bank-gateway/bank-adapter.js';
import type { BankCapabilities } from './bank-gateway/bank-gateway.port.js';
import { tellBank } from './trace-bank.js';

/** A bank that is asked with one header, and whose listings have two pages. */
class TwoPages extends BankAdapter {
  readonly capabilities = {} as BankCapabilities;

  lookUp(): BankQuestion | null {
    return question(null);
  }

  list(): BankQuestion | null {
    return question(question(null));
  }
}

const question = (next: BankQuestion | null): BankQuestion => ({
  request: {
    endpoint: 'transactions',
    url: 'https://bank.example.com',
    method: 'POST',
    headers: { accept: 'application/json' },
    body: '',
  },
  read: (): Reading => ({
    answer: { outcome: 'not_visible_yet' },
    bankCode: null,
    refusesAuthorization: false,
    problems: [],
    next,
  }),
});

const REPLY = {
  kind: 'answered',
  httpStatus: 200,
  body: Buffer.from(''),
  contentType: null,
  retryAfterMs: null,
} as const;

describe('telling a bank where a call stands in our traces', () => {
  // Nobody listens there, and nothing is sent before a trace was through for a second.
  const config = readConfiguration([TracingConfig], {
    TRACING_OTLP_URL: 'http://127.0.0.1:9/v1/traces',
    TRACING_SAMPLE_PERCENT: '0',
  }).section(TracingConfig);
  const tracer = new SpanTracer(config, ['verifier']);
  const adapter = new TwoPages();
  tellBank(adapter, tracer);

  afterAll(() => tracer.close());

  const list = () => adapter.list() ?? question(null);

  it('names the span of the call beside what the bank asks for', async () => {
    await tracer.span('bank listing', {}, (span) => {
      const { traceId, spanId } = span.spanContext();
      expect(list().request.headers).toEqual({
        accept: 'application/json',
        traceparent: `00-${traceId}-${spanId}-01`,
      });
      return Promise.resolve();
    });
  });

  it('names it on every page', async () => {
    await tracer.span('bank listing', {}, () => {
      const first = list();
      expect(first.read(REPLY).next?.request.headers).toEqual(first.request.headers);
      return Promise.resolve();
    });
  });

  it('sends nothing where nothing is traced', () => {
    expect(list().request.headers).toEqual({ accept: 'application/json' });
  });
});
