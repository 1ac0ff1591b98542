import { eventually } from '../support/eventually.js';
import { HttpSink } from '../support/http-sink.js';
import { PHONE, RunningSystem } from '../support/running-system.js';
import { spansAt, type SentSpan } from '../support/spans.js';

const REFERENCE = '00683473078';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLERS_SPAN = '00f067aa0ba902b7';

describe('tracing a claim from its submission to its verdict', () => {
  let collector: HttpSink;
  let system: RunningSystem;
  let id = '';

  beforeAll(async () => {
    collector = await HttpSink.start();
    system = await RunningSystem.start({
      TRACING_OTLP_URL: `http://127.0.0.1:${collector.port}/v1/traces`,
      TRACING_OTLP_AUTHORIZATION: 'made-up',
      TRACING_SAMPLE_PERCENT: '100',
      TRACING_BANK_TRACEPARENT: 'true',
      BANESCO_LISTING_GRANTED: 'true',
    });
    await system.addCredits([{ reference: REFERENCE, amount: 124_050 }]);
    const { body } = await system.call('POST', '/api/v1/transactions', system.claim(REFERENCE), {
      traceparent: `00-${TRACE_ID}-${CALLERS_SPAN}-01`,
    });
    id = String(body['id']);
    await system.reaches(id, 'verified');
  });

  afterAll(async () => {
    await system.stop();
    await collector.stop();
  });

  const span = (name: string, where: (span: SentSpan) => boolean = () => true) =>
    eventually(
      () => {
        const found = spansAt(collector).find((each) => each.name === name && where(each));
        if (found === undefined) throw new Error(`no span ${name} arrived`);
        return found;
      },
      { everyMs: 100 },
    );
  const links = (to: SentSpan) => (from: SentSpan) =>
    from.links.some(({ spanId }) => spanId === to.spanId);
  const submission = () => span('POST /api/v1/transactions', (each) => each.traceId === TRACE_ID);
  const command = async () => {
    const request = await submission();
    return span('command transaction', (each) => each.parentSpanId === request.spanId);
  };

  it('goes on with the trace of the caller, down to the append', async () => {
    const request = await submission();
    expect(request.parentSpanId).toBe(CALLERS_SPAN);
    const { spanId } = await command();
    const append = await span('append transaction', (each) => each.parentSpanId === spanId);
    expect(append.traceId).toBe(TRACE_ID);
    expect(collector.received[0]?.headers['authorization']).toBe('made-up');
  });

  it('links read models and the ask to the command that wrote the claim', async () => {
    const written = await command();
    await span('project transaction-view', links(written));
    const ask = await span('ask about a claim', links(written));
    expect(ask.traceId).not.toBe(TRACE_ID);
    const call = await span('bank look-up', (each) => each.traceId === ask.traceId);
    expect(call.parentSpanId).toBe(ask.spanId);
  });

  it('says in the trace of the verdict how long it took', async () => {
    const verdict = await span('verdict', ({ attributes }) =>
      attributes.some(({ key }) => key === 'constancia.verdict_seconds'),
    );
    expect(JSON.stringify(verdict.attributes)).toContain('verified');
    await span('ask about a claim', (each) => each.spanId === verdict.parentSpanId);
  });

  it('makes one trace of a listing, linked to the listing before and to every claim that it settles', async () => {
    // So many at once that one listing settles more than a look-up would.
    const settle = async (first: number) => {
      const references = Array.from({ length: 6 }, (_, n) => `006834731${first + n}`);
      await system.addCredits(references.map((reference) => ({ reference, amount: 124_050 })));
      const submitted = await Promise.all(
        references.map((reference) => system.submit(system.claim(reference))),
      );
      await Promise.all(submitted.map(({ body }) => system.reaches(body.id, 'verified')));
    };
    await settle(10);
    const before = await span('list an account');
    await settle(20);
    const after = await span('list an account', ({ traceId, links: [to] }) =>
      spansAt(collector).some((each) => each.spanId === to?.spanId && each.traceId !== traceId),
    );
    expect(before.traceId).not.toBe(after.traceId);

    await span('bank listing', (each) => each.parentSpanId === after.spanId);
    await span('verdict', (each) => each.parentSpanId === after.spanId);
    const submissions = spansAt(collector)
      .filter(({ name }) => name === 'POST /api/v1/transactions')
      .map(({ traceId }) => traceId);
    await span(
      'command transaction',
      ({ traceId, links: steps }) =>
        traceId === after.traceId && steps.some((step) => submissions.includes(step.traceId)),
    );
  });

  it('names the trace in the log', async () => {
    const answered = system.lines.find((line) => line.includes(TRACE_ID));
    expect(JSON.parse(answered ?? '{}')).toMatchObject({ msg: 'answered', trace_id: TRACE_ID });
  });

  it('names the trace of an ask in what is logged of it', async () => {
    const { traceId } = await span('bank look-up');
    const attempt = system.lines.find(
      (line) => line.includes('bank attempt') && line.includes(traceId),
    );
    expect(JSON.parse(attempt ?? '{}')).toMatchObject({ trace_id: traceId, status: '200' });
  });

  it('holds nothing personal', async () => {
    await command();
    const sent = collector.received.map(({ body }) => body).join('\n');
    for (const secret of [PHONE, PHONE.slice(1), '683473078', 'V12345678', 'Cliente de prueba']) {
      expect(sent).not.toContain(secret);
    }
  });

  it('sends what is left when it is asked to end', async () => {
    await system.call('GET', `/api/v1/transactions/${id}`);
    expect(await system.stopService()).toBe(0);
    await span('GET /api/v1/transactions/:id');
  });
});
