import { randomBytes } from 'node:crypto';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IssueApiKey } from '../../src/access/api-keys/issue-api-key.command.js';
import type { Permission } from '../../src/access/requires.decorator.js';
import { AppModule, CONFIG_SECTIONS } from '../../src/app.module.js';
import { FinanceModule } from '../../src/finance/finance.module.js';
import { AddReceivingAccount } from '../../src/merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../../src/merchants/register-merchant/register-merchant.command.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { createApp } from '../../src/platform/http/create-app.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { SubmissionPolicy } from '../../src/transactions/submit-transaction/submission-policy.port.js';
import { TransactionsModule } from '../../src/transactions/transactions.module.js';
import { KnownTerms } from './a-submission.js';
import { freshDatabase, TestEventStore, type TestDatabase } from './stores.js';

const terms = new KnownTerms({
  leastReferenceDigits: 6,
  payerFields: ['phone'],
  visibleWithinMs: 86_400_000,
});

@Global()
@Module({
  providers: [{ provide: SubmissionPolicy, useValue: terms }],
  exports: [SubmissionPolicy],
})
class TermsModule {}

@Module({})
class RootModule {}

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

/** The API of claims and totals on real stores, without the verification of claims. */
export class TransactionsApi {
  private accounts = 0;

  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly database: TestDatabase,
    private readonly node: TestEventStore,
  ) {}

  static async start(): Promise<TransactionsApi> {
    const [database, node] = await Promise.all([freshDatabase(), TestEventStore.start()]);
    const secret = (): string => randomBytes(32).toString('base64');
    const configuration = readConfiguration(CONFIG_SECTIONS, {
      DATABASE_URL: database.url,
      EVENTSTORE_URL: node.url,
      PERSONAL_DATA_MASTER_KEY: secret(),
      PERSONAL_DATA_INDEX_KEY: secret(),
      LOG_LEVEL: 'silent',
    });
    const logger = createLogger({ level: 'silent', pretty: false });
    const rootModule: DynamicModule = {
      module: RootModule,
      imports: [
        AppModule.with(configuration, logger),
        TermsModule,
        TransactionsModule,
        FinanceModule,
      ],
    };
    const app = await createApp({ rootModule, configuration, logger });
    return new TransactionsApi(app, database, node);
  }

  /** A merchant with one account. */
  async aMerchant(): Promise<{ readonly merchantId: string; readonly accountId: string }> {
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
        accountNumber: `0134${String(this.accounts).padStart(16, '0')}`,
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
    const { key } = await this.commands.execute(
      new IssueApiKey({
        merchantId,
        name: 'spec',
        mode,
        permissions,
        expiresAt: null,
        issuedBy: 'process:spec',
      }),
    );
    return key;
  }

  async get(path: string, call: Call = {}): Promise<Answer> {
    return this.call('GET', path, call);
  }

  async post(path: string, call: Call = {}): Promise<Answer> {
    return this.call('POST', path, call);
  }

  /** The event-store node, to be killed and started again. */
  get log(): TestEventStore {
    return this.node;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.drop();
    await this.node.stop();
  }

  private get commands(): CommandBus {
    return this.app.get(CommandBus);
  }

  private async call(method: 'GET' | 'POST', path: string, call: Call): Promise<Answer> {
    const { key, body, headers = {} } = call;
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await this.app.inject({
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
