import { ROOT_CONTEXT, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { TailSampling, VERDICT_SECONDS } from './tail-sampling.js';

const AT = 1_700_000_000_000;

const sampling = (percent: number, traceIds: readonly string[] = []) => {
  const exporter = new InMemorySpanExporter();
  const rules = { percent, slowMs: 1_000, slowVerdictSeconds: 60 };
  const given = [...traceIds];
  let spans = 0;
  const provider = new TracerProvider({
    spanProcessors: [new TailSampling(new SimpleSpanProcessor({ exporter }), rules)],
    idGenerator: {
      generateTraceId: () => given.shift() ?? 'ffffffff000000000000000000000001',
      generateSpanId: () => String((spans += 1)).padStart(16, '0'),
    },
  });
  const kept = () => exporter.getFinishedSpans().map(({ name }) => name);
  return { tracer: provider.getTracer('spec'), kept };
};

/** A step within another, which ends first. */
const twoSteps = (tracer: Tracer, innerMs: number, failed = false) => {
  const outer = tracer.startSpan('outer', { startTime: AT });
  const within = trace.setSpan(ROOT_CONTEXT, outer);
  const inner = tracer.startSpan('inner', { startTime: AT }, within);
  if (failed) inner.setStatus({ code: SpanStatusCode.ERROR });
  inner.end(AT + innerMs);
  return outer;
};

describe('keeping traces that are worth looking at', () => {
  it('drops an ordinary trace outside of the share', () => {
    const { tracer, kept } = sampling(50);
    twoSteps(tracer, 5).end(AT + 10);
    expect(kept()).toEqual([]);
  });

  it('keeps the whole of a trace in which one step failed', () => {
    const { tracer, kept } = sampling(0);
    const outer = twoSteps(tracer, 5, true);
    expect(kept()).toEqual([]);
    outer.end(AT + 10);
    expect(kept()).toEqual(['inner', 'outer']);
  });

  it('keeps a slow trace, and not one that is just fast enough', () => {
    const { tracer, kept } = sampling(0);
    twoSteps(tracer, 5).end(AT + 1_000);
    expect(kept()).toEqual([]);
    twoSteps(tracer, 5).end(AT + 1_001);
    expect(kept()).toEqual(['inner', 'outer']);
  });

  it('keeps the trace of a late verdict', () => {
    const { tracer, kept } = sampling(0);
    const outer = twoSteps(tracer, 5);
    outer.setAttribute(VERDICT_SECONDS, 61);
    outer.end(AT + 10);
    expect(kept()).toEqual(['inner', 'outer']);
  });

  it('keeps the outermost step of a trace that has more steps than are kept', () => {
    const { tracer, kept } = sampling(0);
    const outer = tracer.startSpan('outer', { startTime: AT });
    const within = trace.setSpan(ROOT_CONTEXT, outer);
    for (let step = 0; step < 600; step += 1) {
      tracer.startSpan('inner', { startTime: AT }, within).end(AT + 1);
    }
    outer.setAttribute(VERDICT_SECONDS, 61);
    outer.end(AT + 10);
    expect(kept()).toHaveLength(501);
    expect(kept().at(-1)).toBe('outer');
  });

  it('keeps its share by the id of the trace, so that every process keeps the same', () => {
    const low = '0fffffff000000000000000000000001';
    const high = '80000000000000000000000000000001';
    const { tracer, kept } = sampling(10, [low, high]);
    tracer.startSpan('low', { startTime: AT }).end(AT + 1);
    tracer.startSpan('high', { startTime: AT }).end(AT + 1);
    expect(kept()).toEqual(['low']);
  });
});
