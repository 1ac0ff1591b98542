import { isSpanContextValid, SpanKind } from '@opentelemetry/api';
import type { BankAdapter, BankQuestion } from './bank-gateway/bank-adapter.js';
import type { BankGateway } from './bank-gateway/bank-gateway.port.js';
import type { SpanTracer } from './platform/tracing/span-tracer.js';

/** One span for each call through the gateway, whatever attempts and tokens it takes. */
export function traceBank(gateway: BankGateway, tracer: SpanTracer): void {
  const lookUp = gateway.lookUp.bind(gateway);
  const listMovements = gateway.listMovements.bind(gateway);
  const details = (askId: string, credentialId: string) => ({
    kind: SpanKind.CLIENT,
    attributes: { 'constancia.ask_id': askId, 'constancia.credential': credentialId },
  });

  gateway.lookUp = (ask, signal) =>
    tracer.span('bank look-up', details(ask.askId, ask.credentialId), async (span) => {
      const result = await lookUp(ask, signal);
      span.setAttribute('constancia.outcome', result.answer.outcome);
      return result;
    });
  gateway.listMovements = (ask, signal) =>
    tracer.span('bank listing', details(ask.askId, ask.credentialId), async (span) => {
      const result = await listMovements(ask, signal);
      span.setAttribute('constancia.outcome', result.answer.outcome);
      return result;
    });
}

/**
 * Names the span of a call in its questions, for a bank that wants to find our calls in its own traces. Token calls
 * are left alone: one token serves many asks.
 */
export function tellBank(adapter: BankAdapter, tracer: SpanTracer): void {
  const lookUp = adapter.lookUp.bind(adapter);
  const list = adapter.list.bind(adapter);
  adapter.lookUp = (...question) => named(lookUp(...question), tracer);
  adapter.list = (...question) => named(list(...question), tracer);
}

function named(question: BankQuestion | null, tracer: SpanTracer): BankQuestion | null {
  const context = tracer.current()?.spanContext();
  if (question === null || context === undefined || !isSpanContextValid(context)) return question;
  const traceparent = `00-${context.traceId}-${context.spanId}-01`;
  return {
    request: { ...question.request, headers: { ...question.request.headers, traceparent } },
    read(reply) {
      const reading = question.read(reply);
      // The further pages of a listing are the same call.
      return { ...reading, next: named(reading.next, tracer) };
    },
  };
}
