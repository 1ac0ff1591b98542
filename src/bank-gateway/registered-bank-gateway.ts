import type { OnApplicationShutdown } from '@nestjs/common';
import { assert } from '../kernel/assert.js';
import type { Clock } from '../kernel/clock.js';
import type { RandomSource } from '../kernel/ids.js';
import type { AskResult } from '../matching/bank-answer.js';
import type { Metrics } from '../platform/metrics/metrics.js';
import {
  type BankCapabilities,
  type BankCredential,
  BankGateway,
  type Listing,
  type LookUp,
  type Readiness,
} from './bank-gateway.port.js';
import { BankLine } from './bank-line.js';
import type { BankRegistry } from './bank-registry.js';
import type { BankSetup } from './bank-setup.js';
import { authorizationOf } from './credentials/authorization-of.js';
import type { BankSecrets } from './credentials/bank-secrets.port.js';
import { BankHttpClient } from './http/bank-http-client.js';
import type { CallAuthorization } from './http/call-authorization.js';
import { PrometheusBankMeter } from './http/prometheus-bank-meter.js';
import { RateLimiter } from './http/rate-limiter.js';
import { RotatingAuthorization } from './http/rotating-authorization.js';
import { afterOpenTime } from './maintenance-hours.js';
import type { GatewayClosures } from './permits/gateway-closures.port.js';
import type { PermitLog } from './permits/permit-log.port.js';
import type { RawAnswers } from './raw-answers/raw-answers.port.js';

export interface GatewayParts {
  readonly permits: PermitLog;
  readonly closures: GatewayClosures;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly metrics: Metrics;
  readonly rawAnswers: RawAnswers;
  /** Left out where only the configuration's secrets are used. */
  readonly secrets?: BankSecrets;
}

interface OpenedBank {
  readonly setup: BankSetup;
  readonly line: BankLine;
  readonly client: BankHttpClient;
  readonly meter: PrometheusBankMeter;
}

/** The banks of the registry behind the one door: finds the line of a credential and puts the question there. */
export class RegisteredBankGateway extends BankGateway implements OnApplicationShutdown {
  private readonly opened = new Map<string, OpenedBank>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly registry: BankRegistry,
    private readonly parts: GatewayParts,
  ) {
    super();
    // Their figures are there from the start; those of credentials that come later, from their first call on.
    for (const setup of registry.banks) this.lineOf(setup);
  }

  credentials(): readonly BankCredential[] {
    const { banks } = this.registry;
    this.closeRetired(banks);
    return banks.map(({ credential }) => credential);
  }

  override known(credentialId: string): BankCredential | null {
    return this.registry.find(credentialId)?.setup.credential ?? null;
  }

  capabilities(bank: string): BankCapabilities {
    const served = this.ofBank(bank);
    assert(served !== undefined, 'a bank that no adapter serves');
    return served.adapter.capabilities;
  }

  serves(bank: string): boolean {
    return this.ofBank(bank) !== undefined;
  }

  prepare(credentialId: string, signal: AbortSignal): Promise<Readiness> {
    return this.ofCredential(credentialId).line.prepare(this.until(signal));
  }

  override openAfter(credentialId: string, from: Date, forMs: number): Date {
    const hours = this.registry.find(credentialId)?.setup.line.maintenanceHours ?? null;
    return afterOpenTime(hours, from, forMs);
  }

  override circuitOpenMs(credentialId: string): number {
    return this.opened.get(credentialId)?.client.waitMs ?? 0;
  }

  async lookUp(ask: LookUp, signal: AbortSignal): Promise<AskResult> {
    const { setup, line } = this.ofCredential(ask.credentialId);
    const question = setup.adapter.lookUp(ask.claim, ask.on, ask.askId);
    const { transactionId, permit } = ask;
    if (question === null) return line.declined(permit);
    const opening = { askId: ask.askId, operation: 'look_up' as const, transactionId, permit };
    return line.ask(question, opening, this.until(signal));
  }

  async listMovements(ask: Listing, signal: AbortSignal): Promise<AskResult> {
    const { setup, line } = this.ofCredential(ask.credentialId);
    const question = setup.adapter.list(ask.account, ask.from, ask.to, ask.askId);
    const { permit } = ask;
    if (question === null) return line.declined(permit);
    const { askId } = ask;
    const opening = { askId, operation: 'sweep' as const, transactionId: null, permit };
    return line.ask(question, opening, this.until(signal));
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
    for (const { client } of this.opened.values()) client.close();
  }

  private open(setup: BankSetup): OpenedBank {
    const { clock, random, metrics, permits, closures, rawAnswers } = this.parts;
    const meter = new PrometheusBankMeter(metrics, setup.credential);
    // There from the start: an alert on a figure that is missing would never fire.
    meter.circuitOpen(false);
    const limiter = new RateLimiter(setup.limiter);
    const client = new BankHttpClient(setup.http, { clock, random, meter, limiter });
    const { credential } = setup;
    const authorization = this.authorizationOf(setup, client);
    const parts = {
      credential,
      client,
      authorization,
      permits,
      closures,
      clock,
      meter,
      rawAnswers,
    };
    return { setup, client, meter, line: new BankLine(setup.line, parts) };
  }

  private lineOf(setup: BankSetup): OpenedBank {
    const { credentialId } = setup.credential;
    const opened = this.opened.get(credentialId) ?? this.open(setup);
    this.opened.set(credentialId, opened);
    return opened;
  }

  /** Nothing waits under a retired credential, and nothing is told of it any more. */
  private closeRetired(banks: readonly BankSetup[]): void {
    if (this.opened.size <= banks.length && banks.every((setup) => this.isOpen(setup))) return;
    for (const [credentialId, { setup, client, meter }] of this.opened) {
      if (banks.includes(setup)) continue;
      client.close();
      meter.closed(false);
      meter.circuitOpen(false);
      this.opened.delete(credentialId);
    }
    for (const setup of banks) this.lineOf(setup);
  }

  private isOpen({ credential }: BankSetup): boolean {
    return this.opened.has(credential.credentialId);
  }

  private authorizationOf(setup: BankSetup, client: BankHttpClient): CallAuthorization {
    const { clock, random, secrets } = this.parts;
    const stopping = this.stopping.signal;
    const { credentialId } = setup.credential;
    return new RotatingAuthorization({
      stored: async () => {
        const stored = (await secrets?.inForce(credentialId)) ?? null;
        assert(stored !== null || setup.isCreated !== true, 'a created credential without secrets');
        return stored;
      },
      make: (secret) => authorizationOf(setup, secret, { client, clock, random, stopping }),
      clock,
    });
  }

  private ofBank(bank: string): BankSetup | undefined {
    return this.registry.configured.find(({ adapter }) => adapter.capabilities.bank === bank);
  }

  private ofCredential(credentialId: string): OpenedBank {
    const line = this.registry.find(credentialId);
    assert(line?.standing === 'in_force', 'a credential that this installation does not speak for');
    return this.lineOf(line.setup);
  }

  private until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.stopping.signal]);
  }
}
