// The whole product as a merchant meets it: the service as a process of its own on real stores and the sandbox bank.
import { addDays, localDateAt } from '../../src/kernel/local-date.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { testEnvironment } from './app.js';
import { eventually } from './eventually.js';
import { MainProcess } from './main-process.js';
import { ACCOUNT, CLIENT_ID, CLIENT_SECRET, SandboxClient } from './sandbox-client.js';
import { seedMerchant, type SeededMerchant } from './seed-merchant.js';
import { freshDatabase, TestEventStore, type TestDatabase } from './stores.js';
import { startVenezuela, VENEZUELA_ACCOUNT, venezuelaVariables } from './venezuela-sandbox.js';

/** Yesterday in Caracas, so that no claim of a test lies in the future there. */
export const PAID_ON = addDays(localDateAt(new Date()), -1);

export interface Shown extends Record<string, unknown> {
  readonly id: string;
  readonly status: string;
  readonly status_reason: string | null;
}

export interface Answered<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

interface Parts {
  readonly database: TestDatabase;
  readonly eventStore: TestEventStore;
  readonly bank: SandboxBank;
  readonly environment: Record<string, string>;
  readonly merchant: SeededMerchant;
}

/** One service process, its stores and its bank; any of them may be killed and started again. */
export class RunningSystem {
  /** With `secondBank` the merchant has an account at Banco de Venezuela too. */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    { secondBank = false, limit = { calls: 30, windowMs: 1_000 } } = {},
  ): Promise<RunningSystem> {
    const accounts = secondBank ? [ACCOUNT, VENEZUELA_ACCOUNT] : [ACCOUNT];
    const [database, eventStore, { bank }] = await Promise.all([
      freshDatabase(),
      TestEventStore.start(),
      secondBank
        ? startVenezuela({ accounts, limit, rules: { magicReferences: true } })
        : SandboxClient.start({ accounts, limit }),
    ]);
    const complete = testEnvironment(database, eventStore, {
      ...bankEnvironment(bank),
      ...(secondBank ? { ...venezuelaVariables(bank), ...VENEZUELA_LIMITS } : {}),
      ...FAST,
      ...environment,
    });
    const merchant = await seedMerchant(complete, accounts);
    const system = new RunningSystem({
      database,
      eventStore,
      bank,
      environment: complete,
      merchant,
    });
    await system.startService();
    return system;
  }

  private service: MainProcess | null = null;
  /** Processes that run, or ran, beside it. */
  private readonly beside: (MainProcess | null)[] = [];
  private url = '';

  private constructor(private readonly parts: Parts) {}

  get eventStore(): TestEventStore {
    return this.parts.eventStore;
  }

  get receivingAccountId(): string {
    return this.parts.merchant.receivingAccountId;
  }

  /** The merchant's account at the second bank. */
  get venezuelaAccountId(): string {
    return this.parts.merchant.venezuelaAccountId ?? '';
  }

  /** Where the present service process is, and the key that its merchant has. */
  get access(): { readonly url: string; readonly apiKey: string } {
    return { url: this.url, apiKey: this.parts.merchant.apiKey };
  }

  /** Every line that the present service process has logged. */
  get lines(): readonly string[] {
    return this.service?.lines ?? [];
  }

  /** Starts a service process and waits until it is ready; `more` variables are for this process only. */
  async startService(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.service = new MainProcess({ ...this.parts.environment, ...more });
    this.url = await this.service.url();
    await eventually(async () => (await fetch(`${this.url}/readyz`)).status === 200);
  }

  /**
   * Starts another service process beside the one that runs, waits until it is ready, and sends every further call
   * there. Answers how to kill the one before, which leaves no goodbye.
   */
  async startBeside(): Promise<() => Promise<void>> {
    const before = this.service;
    this.beside.push(before);
    await this.startService();
    return async () => before?.kill();
  }

  /** What the bank does to its next calls. */
  order(scenario: string, calls = 1): Promise<unknown> {
    return this.admin('POST', '/faults', { scenario, calls, operation: 'pago_movil' });
  }

  /** Ends the service process without a goodbye. */
  async killService(): Promise<void> {
    await this.service?.kill();
  }

  /** Waits until the service process has ended by itself. */
  async ended(): Promise<void> {
    await eventually(() => this.service?.hasEnded === true, { everyMs: 25 });
  }

  /** Asks the service process to end and answers its exit code. */
  async stopService(): Promise<number | null> {
    this.service?.signal('SIGTERM');
    return (await this.service?.exitCode()) ?? null;
  }

  /** Credits that the bank shows at once, one for each reference. */
  addCredits(
    rows: readonly { readonly reference: string; readonly amount: number }[],
  ): Promise<unknown> {
    return this.addMovements(rows.map(creditRow));
  }

  /** Rows of the bank's ledger as docs/sandbox.md has them. */
  addMovements(rows: readonly unknown[]): Promise<unknown> {
    return this.admin('POST', '/movements', rows);
  }

  async bankState(): Promise<Record<string, unknown>> {
    return (await this.admin('GET', '/state')) as Record<string, unknown>;
  }

  claim(
    reference: string,
    changes: Readonly<Record<string, unknown>> = {},
  ): Record<string, unknown> {
    return {
      external_id: `order-${reference}`,
      kind: 'pago_movil',
      receiving_account_id: this.receivingAccountId,
      origin_bank: '0102',
      reference,
      amount: 124_050,
      currency: 'VES',
      paid_on: PAID_ON,
      payer: { phone: PHONE, document: 'V12345678', name: 'Cliente de prueba' },
      ...changes,
    };
  }

  async submit(claim: unknown): Promise<Answered<Shown>> {
    return this.call('POST', '/api/v1/transactions', claim) as Promise<Answered<Shown>>;
  }

  async transaction(id: string): Promise<Shown> {
    return (await this.call('GET', `/api/v1/transactions/${id}`)).body as Shown;
  }

  /** Waits until a transaction has a status. */
  async reaches(id: string, status: string): Promise<Shown> {
    return eventually(
      async () => {
        const shown = await this.transaction(id);
        if (shown.status !== status) throw new Error(`it is ${shown.status}, not ${status}`);
        return shown;
      },
      { everyMs: 100 },
    );
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.parts.merchant.apiKey}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : { text }) as Record<string, unknown>,
    };
  }

  /** Ends everything, whatever state it is in. */
  async stop(): Promise<void> {
    await Promise.all([this.service, ...this.beside].map(async (service) => service?.kill()));
    const { bank, eventStore, database } = this.parts;
    await Promise.all([bank.stop(), eventStore.stop(), database.drop()]);
  }

  private async admin(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.parts.bank.url}/admin${path}`, {
      method,
      headers: { 'x-sandbox-admin': '1', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
    return response.json();
  }
}

/** A mobile number that nobody was given: its subscriber part is all fives. */
export const PHONE = '+584125555555';

export const creditRow = ({ reference, amount }: { reference: string; amount: number }) => ({
  account: ACCOUNT,
  kind: 'pago_movil',
  direction: 'credit',
  amount_minor: amount,
  currency: 'VES',
  reference,
  on: PAID_ON,
  time: null,
  payer_phone: PHONE,
  payer_bank: '0102',
  concept: 'Banesco Pago Movil',
  visible_after_seconds: 0,
  spelling: 'full',
  amount_as: 'number',
});

export const bankEnvironment = (bank: SandboxBank): Record<string, string> => ({
  BANESCO_BASE_URL: bank.url,
  BANESCO_TOKEN_URL: bank.tokenUrl,
  BANESCO_TRANSACTIONS_PATH: new URL(bank.transactionsUrl).pathname,
  BANESCO_CLIENT_ID: CLIENT_ID,
  BANESCO_CLIENT_SECRET: CLIENT_SECRET,
  BANESCO_LIMIT_CALLS: '30',
  BANESCO_LIMIT_WINDOW_MS: '1000',
  BANESCO_LIMIT_PER_TRANSACTION_CALLS: '30',
});

const VENEZUELA_LIMITS = {
  BDV_LIMIT_CALLS: '30',
  BDV_LIMIT_WINDOW_MS: '1000',
  BDV_LIMIT_PER_TRANSACTION_CALLS: '30',
  BDV_TIMEOUT_MS: '3000',
};

// An hour of asking in seconds; what is compressed is configuration only.
export const FAST = {
  VERIFICATION_SCHEDULE_SECONDS: '0,1,2,4',
  VERIFICATION_EVERY_SECONDS: '2',
  VERIFICATION_VISIBLE_WITHIN_SECONDS: '3',
  VERIFICATION_ASK_TIMEOUT_MS: '5000',
  BANESCO_TIMEOUT_MS: '3000',
  SHUTDOWN_DRAIN_MS: '50',
};
