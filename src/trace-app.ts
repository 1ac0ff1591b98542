import { SpanKind } from '@opentelemetry/api';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BankGateway } from './bank-gateway/bank-gateway.port.js';
import { CommandRunner } from './platform/event-store/command-runner.js';
import { EventStore } from './platform/event-store/event-store.js';
import { ProjectionRegistry } from './platform/projections/projection-registry.js';
import type { SpanTracer } from './platform/tracing/span-tracer.js';
import { VERDICT_SECONDS } from './platform/tracing/tail-sampling.js';
import { traceAppends, traceCommands, traceProjections } from './platform/tracing/trace-log.js';
import { traceRequests } from './platform/tracing/trace-requests.js';
import { transactionStream } from './transactions/domain/transaction-id.js';
import { ClaimAsker } from './verification/claim-asker.js';
import { VerdictMeter } from './verification/verdict-meter.js';

/** Wraps what is traced: requests, commands, appends, read models, bank calls and the verdicts that they lead to. */
export function traceApp(app: NestFastifyApplication, tracer: SpanTracer): void {
  traceRequests(app.getHttpAdapter().getInstance(), tracer);
  traceAppends(app.get(EventStore), tracer);
  traceCommands(app.get(CommandRunner), tracer);
  traceProjections(app.get(ProjectionRegistry), tracer);
  traceBank(app.get(BankGateway, { strict: false }), tracer);
  traceAsks(app.get(ClaimAsker, { strict: false }), tracer);
  noteVerdicts(app.get(VerdictMeter, { strict: false }), tracer);
}

/** One span for each call through the gateway, whatever attempts and tokens it takes. */
function traceBank(gateway: BankGateway, tracer: SpanTracer): void {
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

/** An ask and everything that follows from it is one trace, linked to the submission or to the ask before. */
function traceAsks(asker: ClaimAsker, tracer: SpanTracer): void {
  const ask = asker.ask.bind(asker);
  asker.ask = (prepared, permit, signal) => {
    const stream = transactionStream(prepared.transactionId);
    const attributes = { 'constancia.stream': stream };
    const details = { attributes, links: tracer.linksTo(stream) };
    return tracer.span('ask about a claim', details, () => ask(prepared, permit, signal));
  };
}

/** Says in the trace of a verdict how long it took, so that late ones are kept. */
function noteVerdicts(meter: VerdictMeter, tracer: SpanTracer): void {
  const count = meter.count.bind(meter);
  meter.count = (recorded) => {
    count(recorded);
    const { status, claim, changedAt } = recorded.transaction;
    if (!recorded.appended) return;
    const seconds = (Date.parse(changedAt) - Date.parse(claim.submittedAt)) / 1_000;
    tracer.current()?.setAttributes({ [VERDICT_SECONDS]: seconds, 'constancia.status': status });
  };
}
