import { Logger } from '@nestjs/common';
import { BankRegistry } from '../../src/bank-gateway/bank-registry.js';
import { BanescoConfig } from '../../src/bank-gateway/banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from '../../src/bank-gateway/banks/banesco/banesco.sandbox.config.js';
import { VenezuelaConfig } from '../../src/bank-gateway/banks/venezuela/venezuela.config.js';
import { VenezuelaSandboxConfig } from '../../src/bank-gateway/banks/venezuela/venezuela.sandbox.config.js';
import type { BankSecrets } from '../../src/bank-gateway/credentials/bank-secrets.port.js';
import type { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import type { Permit, PermitLog } from '../../src/bank-gateway/permits/permit-log.port.js';
import type { RawAnswers } from '../../src/bank-gateway/raw-answers/raw-answers.port.js';
import { RegisteredBankGateway } from '../../src/bank-gateway/registered-bank-gateway.js';
import { type Clock, SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { LocalDate } from '../../src/kernel/local-date.js';
import type { Currency } from '../../src/kernel/money.js';
import type { AskResult } from '../../src/matching/bank-answer.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { InMemoryGatewayClosures } from './in-memory-gateway-closures.js';
import { InMemoryRawAnswers } from './in-memory-raw-answers.js';
import { InMemoryPermitLog } from './in-memory-permit-log.js';
import { ACCOUNT, CLIENT_ID, CLIENT_SECRET } from './sandbox-client.js';

// An attempt is a log line, and a suite makes hundreds; a spec about lines sets its own logger.
Logger.overrideLogger(false);

export const CREDENTIAL = 'banesco';
export const TRANSACTION = '5d1c6f0e-0a53-5b0e-9d62-2f9f6a0c1b11';
export const ASK = '0d9d3f5e-4e0c-4a5e-8d0b-6a3b8f7c2d10';

/** A made-up Pago Móvil to the sandbox's account. */
export const aBankClaim = (changes: Partial<PaymentClaim> = {}): PaymentClaim => ({
  kind: 'pago_movil',
  originBank: '0102',
  reference: '00683473078',
  amountMinor: 124_050n,
  currency: 'VES' as Currency,
  paidOn: '2026-07-10' as LocalDate,
  payerPhone: '+584125550131',
  payerDocument: null,
  receivingAccount: ACCOUNT,
  ...changes,
});

export type Addresses = {
  readonly url: string;
  readonly tokenUrl: string;
  readonly transactionsUrl: string;
};

export interface GatewayOptions {
  /** Variables over those of the sandbox, by their names. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly permits?: (registry: BankRegistry) => PermitLog;
  readonly closures?: GatewayClosures;
  readonly rawAnswers?: RawAnswers;
  readonly secrets?: BankSecrets;
  readonly clock?: Clock;
}

/** The real gateway, as the service would make it from its configuration, pointed at an address of a test. */
export class GatewayUnderTest {
  readonly metrics = new Metrics();
  readonly rawAnswers: RawAnswers;
  readonly registry: BankRegistry;
  readonly permits: PermitLog;
  readonly closures: GatewayClosures;
  readonly gateway: RegisteredBankGateway;

  constructor(bank: Addresses, options: GatewayOptions = {}) {
    const variables = { ...variablesFor(bank), ...options.variables };
    const sections = [BanescoConfig, BanescoSandboxConfig, VenezuelaConfig, VenezuelaSandboxConfig];
    const read = readConfiguration(sections, variables);
    const clock = options.clock ?? new SystemClock();
    this.registry = new BankRegistry({
      banesco: read.section(BanescoConfig),
      banescoSandbox: read.section(BanescoSandboxConfig),
      venezuela: read.section(VenezuelaConfig),
      venezuelaSandbox: read.section(VenezuelaSandboxConfig),
    });
    this.permits =
      options.permits?.(this.registry) ?? new InMemoryPermitLog(this.registry.limits, clock);
    this.closures = options.closures ?? new InMemoryGatewayClosures();
    this.rawAnswers = options.rawAnswers ?? new InMemoryRawAnswers();
    this.gateway = new RegisteredBankGateway(this.registry, {
      permits: this.permits,
      closures: this.closures,
      clock,
      random: new SystemRandomSource(),
      metrics: this.metrics,
      rawAnswers: this.rawAnswers,
      ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
    });
  }

  /** A permit as the worker takes one. @throws Error when none is free */
  async permit(
    transactionId: string | null = TRANSACTION,
    credentialId = CREDENTIAL,
  ): Promise<Permit> {
    const answer = await this.permits.tryTake({
      credentialId,
      operation: transactionId === null ? 'sweep' : 'look_up',
      transactionId,
      callDeadlineMs: 0,
    });
    if (answer.outcome === 'wait') throw new Error(`no permit for ${answer.waitMs} ms`);
    return answer.permit;
  }

  async lookUp(
    claim: PaymentClaim = aBankClaim(),
    {
      permit,
      signal,
      transactionId = TRANSACTION,
      credentialId = CREDENTIAL,
    }: {
      permit?: Permit;
      signal?: AbortSignal;
      transactionId?: string;
      credentialId?: string;
    } = {},
  ): Promise<AskResult> {
    const ask = {
      askId: ASK,
      credentialId,
      transactionId,
      claim,
      on: claim.paidOn,
      permit: permit ?? (await this.permit(transactionId, credentialId)),
    };
    return this.gateway.lookUp(ask, signal ?? new AbortController().signal);
  }

  async list(
    from: string,
    to: string,
    { account = ACCOUNT, credentialId = CREDENTIAL } = {},
  ): Promise<AskResult> {
    const range = { account, from: from as LocalDate, to: to as LocalDate };
    const permit = await this.permit(null, credentialId);
    const ask = { askId: ASK, credentialId, ...range, permit };
    return this.gateway.listMovements(ask, new AbortController().signal);
  }

  stop(): void {
    this.gateway.onApplicationShutdown();
  }
}

// Time-outs short enough for a test, and no limit that a test did not ask for.
export const variablesFor = (bank: Addresses): Record<string, string> => ({
  BANESCO_BASE_URL: bank.url,
  BANESCO_TOKEN_URL: bank.tokenUrl,
  BANESCO_TRANSACTIONS_PATH: new URL(bank.transactionsUrl).pathname,
  BANESCO_CLIENT_ID: CLIENT_ID,
  BANESCO_CLIENT_SECRET: CLIENT_SECRET,
  BANESCO_AFFILIATE: 'sandbox',
  BANESCO_TIMEOUT_MS: '700',
  BANESCO_CONNECT_TIMEOUT_MS: '400',
  BANESCO_HEADERS_TIMEOUT_MS: '400',
  BANESCO_BODY_TIMEOUT_MS: '250',
  BANESCO_CONNECT_REPEAT_PAUSE_MS: '1',
  BANESCO_LIMIT_CALLS: '1000',
  BANESCO_LIMIT_PER_TRANSACTION_CALLS: '1000',
  BANESCO_TOKEN_LIMIT_CALLS: '1000',
  BANESCO_PERMIT_WAIT_MS: '0',
  BANESCO_LISTING_GRANTED: 'true',
});
