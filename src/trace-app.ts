import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BankGateway } from './bank-gateway/bank-gateway.port.js';
import { BankRegistry } from './bank-gateway/bank-registry.js';
import { Clock } from './kernel/clock.js';
import { CommandRunner } from './platform/event-store/command-runner.js';
import { EventStore } from './platform/event-store/event-store.js';
import { ProjectionRegistry } from './platform/projections/projection-registry.js';
import type { SpanTracer } from './platform/tracing/span-tracer.js';
import { VERDICT_SECONDS } from './platform/tracing/tail-sampling.js';
import { traceAppends, traceCommands, traceProjections } from './platform/tracing/trace-log.js';
import { traceRequests } from './platform/tracing/trace-requests.js';
import { tellBank, traceBank } from './trace-bank.js';
import { transactionStream } from './transactions/domain/transaction-id.js';
import { AccountSweeper } from './verification/account-sweeper.js';
import { ClaimAsker } from './verification/claim-asker.js';
import { sweepStream } from './verification/domain/sweeps.js';
import { VerdictMeter } from './verification/verdict-meter.js';

export interface TraceSettings {
  /** Whether banks are told the span of a call. */
  readonly bankTraceparent: boolean;
}

/** Wraps what is traced: requests, commands, appends, read models, bank calls and the verdicts that they lead to. */
export function traceApp(
  app: NestFastifyApplication,
  tracer: SpanTracer,
  { bankTraceparent }: TraceSettings,
): void {
  traceRequests(app.getHttpAdapter().getInstance(), tracer);
  traceAppends(app.get(EventStore), tracer);
  traceCommands(app.get(CommandRunner), tracer);
  traceProjections(app.get(ProjectionRegistry), tracer);
  traceBank(app.get(BankGateway, { strict: false }), tracer);
  if (bankTraceparent) {
    app.get(BankRegistry, { strict: false }).forEachAdapter((adapter) => tellBank(adapter, tracer));
  }
  traceAsks(app.get(ClaimAsker, { strict: false }), tracer);
  traceSweeps(app.get(AccountSweeper, { strict: false }), {
    tracer,
    clock: app.get(Clock, { strict: false }),
  });
  noteVerdicts(app.get(VerdictMeter, { strict: false }), tracer);
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

/**
 * A listing and what it settles is one trace, linked to the listing before of the account's day. Each command that it
 * leads to is linked to what last happened to its transaction.
 */
function traceSweeps(
  sweeper: AccountSweeper,
  { tracer, clock }: { readonly tracer: SpanTracer; readonly clock: Clock },
): void {
  const sweep = sweeper.sweep.bind(sweeper);
  sweeper.sweep = (range, call) => {
    const stream = sweepStream(range.receivingAccountId, clock.now());
    const attributes = { 'constancia.stream': stream };
    const details = { attributes, links: tracer.linksTo(stream) };
    return tracer.span('list an account', details, () => sweep(range, call));
  };
}

/** A step of its own for each verdict, since a listing may lead to many; says how long it took, so that late ones are kept. */
function noteVerdicts(meter: VerdictMeter, tracer: SpanTracer): void {
  const count = meter.count.bind(meter);
  meter.count = (recorded) => {
    count(recorded);
    const { status, claim, changedAt } = recorded.transaction;
    if (!recorded.appended) return;
    const seconds = (Date.parse(changedAt) - Date.parse(claim.submittedAt)) / 1_000;
    const attributes = { [VERDICT_SECONDS]: seconds, 'constancia.status': status };
    tracer.start('verdict', { attributes }).end();
  };
}
