import {
  MerchantDirectory,
  type Merchant,
  type ReceivingAccount,
} from '../../src/merchants/merchant-directory.port.js';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { PersonalDataVault } from '../../src/platform/personal-data/personal-data.js';
import { freshDatabase, type TestDatabase } from './stores.js';

/** Nobody told anything personal in these tests. */
export class EmptyVault extends PersonalDataVault {
  seal(): Promise<never> {
    return Promise.reject(new Error('nothing is sealed here'));
  }

  open(): Promise<null> {
    return Promise.resolve(null);
  }

  openMany(): Promise<readonly null[]> {
    return Promise.resolve([]);
  }

  erase(): Promise<void> {
    return Promise.resolve();
  }

  blindIndex(): string {
    return '';
  }
}

/** Every account is one and the same account at the bank. */
export class OneAccountEach extends MerchantDirectory {
  merchant(): Promise<Merchant | null> {
    return Promise.resolve(null);
  }

  receivingAccount(receivingAccountId: string): Promise<ReceivingAccount | null> {
    return Promise.resolve({
      receivingAccountId,
      merchantId: 'whoever',
      bank: '0134',
      accountNumber: '01340123456789012345',
      credentialId: 'banesco',
      receivesPagoMovil: true,
    });
  }
}

/** A database of its own for a test file, with a pool that rigs share. */
export class RigDatabase {
  static async start(): Promise<RigDatabase> {
    const database = await freshDatabase();
    const db = new PostgresConnection(
      { url: database.url, poolSize: 6, onConnectionFailure: () => undefined },
      new Metrics(),
    );
    return new RigDatabase(database, db);
  }

  private constructor(
    private readonly database: TestDatabase,
    readonly db: PostgresConnection,
  ) {}

  async stop(): Promise<void> {
    await this.db.close();
    await this.database.drop();
  }
}

/** What the events of a merchant carry. */
export const RIG_METADATA = {
  actor: 'api_key:test',
  requestId: 'test',
  $correlationId: 'test',
  $causationId: 'test',
  traceId: null,
  previousHash: null,
};

/** What every rig is configured with, unless it says otherwise. */
export const RIG_SETTINGS = {
  scheduleSeconds: [0, 60, 120],
  everySeconds: 600,
  lateEverySeconds: 3_600,
  failureSeconds: [5, 30],
  visibleWithinSeconds: 86_400,
  deferredBankingHours: 72,
  bankHolidays: [],
  matchDays: 30,
  askTimeoutMs: 30_000,
  asksInFlight: 4,
  proposalStaleMs: 5_000,
};

/** A contract so generous that it is not what these tests are about. */
export const RIG_LIMITS = new Map([
  [
    'banesco',
    {
      calls: 1_000,
      windowMs: 1_000,
      marginMs: 0,
      callsPerTransaction: 1_000,
      tokenCallsCount: false,
      tokenCalls: 1_000,
      callDeadlineMs: 0,
    },
  ],
]);
