import { CommandBus } from '@nestjs/cqrs';
import { IssueApiKey } from '../../src/access/api-keys/issue-api-key.command.js';
import type { Permission } from '../../src/access/requires.decorator.js';
import { AddReceivingAccount } from '../../src/merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../../src/merchants/register-merchant/register-merchant.command.js';
import { EventStore } from '../../src/platform/event-store/event-store.js';
import { LogReader } from '../../src/platform/event-store/log-reader.js';
import { ProjectionRegistry } from '../../src/platform/projections/projection-registry.js';
import { ReadModelProgress } from '../../src/platform/projections/read-model-progress.js';
import {
  RecordVerification,
  type VerificationStep,
} from '../../src/transactions/record-verification/record-verification.command.js';
import { TestApp } from './app.js';
import { eventually } from './eventually.js';

/** What one call answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

// No bank is asked: claims stay pending, and the addresses lead nowhere.
const WITHOUT_VERIFIER = {
  ROLES: 'api,projector',
  BANESCO_BASE_URL: 'http://127.0.0.1:9',
  BANESCO_TOKEN_URL: 'http://127.0.0.1:9/token',
  BANESCO_TRANSACTIONS_PATH: '/transactions',
  BANESCO_CLIENT_ID: 'made-up',
  BANESCO_CLIENT_SECRET: 'made-up',
  BANESCO_AFFILIATE: 'sandbox',
};

/** The API of claims and totals on real stores; without the verification of claims, unless told otherwise. */
export class TransactionsApi {
  private accounts = 0;

  private constructor(readonly running: TestApp) {}

  /** The variables given stand over those that leave the verifier and the bank out. */
  static async start(variables: Readonly<Record<string, string>> = {}): Promise<TransactionsApi> {
    const environment = { ...WITHOUT_VERIFIER, ...variables };
    return new TransactionsApi(await TestApp.start({ environment }));
  }

  /** A merchant with one account. */
  async aMerchant(
    accountNumber?: string,
  ): Promise<{ readonly merchantId: string; readonly accountId: string }> {
    const by = 'process:spec';
    const { merchantId } = await this.commands.execute(
      new RegisterMerchant({
        merchantId: null,
        name: 'a merchant',
        toleranceUnderMinor: 0n,
        toleranceOverMinor: 0n,
        matchDays: 30,
        registeredBy: by,
      }),
    );
    this.accounts += 1;
    const { receivingAccountId: accountId } = await this.commands.execute(
      new AddReceivingAccount({
        receivingAccountId: null,
        merchantId,
        bank: '0134',
        accountNumber: accountNumber ?? `0134${String(this.accounts).padStart(16, '0')}`,
        credentialId: 'banesco',
        addedBy: by,
      }),
    );
    return { merchantId, accountId };
  }

  async aKey(
    merchantId: string | null,
    permissions: readonly Permission[],
    mode: 'live' | 'test' = 'live',
  ): Promise<string> {
    const fields = { merchantId, permissions, mode, name: 'spec', expiresAt: null };
    const issue = new IssueApiKey({ ...fields, issuedBy: 'process:spec' });
    const { key } = await this.commands.execute(issue);
    return key;
  }

  /** Takes a step of verification, as the verifier would. */
  async record(transactionId: string, step: VerificationStep): Promise<void> {
    const context = {
      actor: 'process:verifier',
      requestId: 'spec',
      correlationId: transactionId,
      causationId: 'spec',
      traceId: null,
    };
    await this.commands.execute(new RecordVerification(transactionId, step, context));
  }

  async get(path: string, call: Call = {}): Promise<Answer> {
    return this.call('GET', path, call);
  }

  async post(path: string, call: Call = {}): Promise<Answer> {
    return this.call('POST', path, call);
  }

  /** The event-store node, to be killed and started again. */
  get log(): TestApp['eventStore'] {
    return this.running.eventStore;
  }

  /** The log as the service itself writes and reads it. */
  get store(): EventStore {
    return this.running.app.get(EventStore);
  }

  /** Waits until every read model shows what the log holds now. */
  async followed(): Promise<void> {
    const { app } = this.running;
    const end = await app.get(LogReader).end();
    const signal = AbortSignal.timeout(20_000);
    for (const { name } of app.get(ProjectionRegistry).all()) {
      await eventually(async () => {
        const behind = await app
          .get(ReadModelProgress)
          .waitFor(name, { position: end?.position ?? 0n }, signal);
        if (behind !== null) throw new Error(`${name} is behind at ${behind.reached}`);
      });
    }
  }

  get databaseUrl(): string {
    return this.running.database.url;
  }

  /** What another process on the same stores has to be told. */
  get environment(): Readonly<Record<string, string>> {
    return this.running.environment;
  }

  /** Every line that the service has logged. */
  get lines(): readonly string[] {
    return this.running.lines;
  }

  stop(): Promise<void> {
    return this.running.stop();
  }

  private get commands(): CommandBus {
    return this.running.app.get(CommandBus);
  }

  private async call(method: 'GET' | 'POST', path: string, call: Call): Promise<Answer> {
    const { key, body, headers = {} } = call;
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await this.running.app.inject({
      method,
      url: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return {
      status: response.statusCode,
      headers: response.headers,
      body: response.body === '' ? {} : response.json<Record<string, unknown>>(),
    };
  }
}
