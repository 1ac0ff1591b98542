import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';

export interface TailSamplingRules {
  /** Share of ordinary traces that are kept, in percent. */
  readonly percent: number;
  readonly slowMs: number;
  readonly slowVerdictSeconds: number;
}

/** Set on the span in which a verdict was recorded. */
export const VERDICT_SECONDS = 'constancia.verdict_seconds';

// A trace that never ends, or has no end of steps, must not fill the memory.
const MOST_TRACES = 2_000;
const MOST_SPANS = 500;

interface OpenTrace {
  unfinished: number;
  isWorthy: boolean;
  readonly spans: ReadableSpan[];
}

/**
 * Decides about a trace when this process is through with it: whether it failed or was slow is known only then.
 * What is ordinary is kept by a share of the trace ids, which all processes agree on.
 */
export class TailSampling implements SpanProcessor {
  private readonly traces = new Map<string, OpenTrace>();

  constructor(
    private readonly next: SpanProcessor,
    private readonly rules: TailSamplingRules,
  ) {}

  onStart(span: Span): void {
    const { traceId } = span.spanContext();
    const known = this.traces.get(traceId);
    if (known !== undefined) {
      known.unfinished += 1;
      return;
    }
    this.traces.set(traceId, { unfinished: 1, isWorthy: false, spans: [] });
    const [oldest] = this.traces.keys();
    if (this.traces.size > MOST_TRACES && oldest !== undefined) this.traces.delete(oldest);
  }

  onEnd(span: ReadableSpan): void {
    const { traceId } = span.spanContext();
    const trace = this.traces.get(traceId);
    if (trace === undefined) return;
    trace.unfinished -= 1;
    // The outermost step ends last, and without it the others would hang in the air.
    const isLast = trace.unfinished === 0;
    if (isLast || trace.spans.length < MOST_SPANS) trace.spans.push(span);
    trace.isWorthy ||= this.isWorthy(span);
    if (!isLast) return;
    this.traces.delete(traceId);
    if (!trace.isWorthy && shareOf(traceId) >= this.rules.percent) return;
    for (const kept of trace.spans) this.next.onEnd(kept);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }

  private isWorthy({
    status,
    duration: [seconds, nanoseconds],
    attributes,
  }: ReadableSpan): boolean {
    if (status.code === SpanStatusCode.ERROR) return true;
    if (seconds * 1_000 + nanoseconds / 1e6 > this.rules.slowMs) return true;
    const verdictSeconds = attributes[VERDICT_SECONDS];
    return typeof verdictSeconds === 'number' && verdictSeconds > this.rules.slowVerdictSeconds;
  }
}

/** Where a trace id lies between 0 and 100; the same in every process. */
const shareOf = (traceId: string): number =>
  (Number.parseInt(traceId.slice(0, 8), 16) / 0x1_0000_0000) * 100;
