import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalFolder, LocalSecrets } from './local-folder.js';
import type { ProcessPlan } from './managed-process.js';

/** Where each process listens on this machine. */
export interface LocalPorts {
  readonly service: number;
  readonly postgres: number;
  readonly eventStore: number;
  readonly bank: number;
}

/** What a run compresses, so that days of asking fit into a minute. */
interface Compression {
  readonly limitCalls: number;
  readonly limitWindowMs: number;
  /** The delays after the first answers that find nothing, divided by commas. */
  readonly repeatSeconds: string;
  readonly everySeconds: number;
  readonly visibleWithinSeconds: number;
  /** How long a bank is left alone that says it is in maintenance, or that fails again and again. */
  readonly pauseMs: number;
}

// Production's contract is 2 calls a minute; here a second stands for a minute and the bank is generous, so that
// some hundred claims are settled while one watches. The sandbox bank counts by the same figures and refuses more.
export const COMPRESSED: Compression = {
  limitCalls: 60,
  limitWindowMs: 1_000,
  repeatSeconds: '2,3,4,5',
  everySeconds: 3,
  // The last of the late samples shows half a minute after the bank began.
  visibleWithinSeconds: 32,
  pauseMs: 5_000,
};

/** The demo merchant's account at the second bank; made up, as all of them. */
export const VENEZUELA_ACCOUNT = '01020001600000000017';
const VENEZUELA_PHONE = '04125550100';

const options = (values: Readonly<Record<string, string | number>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** The processes of a run on one machine: what each is started with. */
export class LocalStack {
  constructor(
    /** The folder of the built programs. */
    private readonly programs: string,
    private readonly folder: LocalFolder,
    private readonly ports: LocalPorts,
    private readonly secrets: LocalSecrets,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.ports.service}`;
  }

  get bankUrl(): string {
    return `http://127.0.0.1:${this.ports.bank}`;
  }

  postgres(): ProcessPlan {
    return {
      name: 'postgres',
      script: this.program('stand-ins/postgres-node/postgres-node.main.js'),
      args: options({ directory: this.folder.at('postgres'), port: this.ports.postgres }),
      environment: {},
      readiness: 'json-line',
    };
  }

  eventStore(): ProcessPlan {
    return {
      name: 'event-store',
      script: this.program('stand-ins/event-store-node/event-store-node.main.js'),
      args: options({ directory: this.folder.at('event-store'), port: this.ports.eventStore }),
      environment: {},
      readiness: 'json-line',
    };
  }

  bank(account: string, movements: string): ProcessPlan {
    const { limitCalls, limitWindowMs } = COMPRESSED;
    return {
      name: 'sandbox-bank',
      script: this.program('stand-ins/sandbox-bank/sandbox-bank.main.js'),
      args: options({
        directory: this.folder.at('sandbox-bank'),
        port: this.ports.bank,
        account,
        movements,
        'limit-calls': limitCalls,
        'limit-window-ms': limitWindowMs,
        'bdv-receiving-phone': VENEZUELA_PHONE,
        'bdv-limit-calls': limitCalls,
        'bdv-limit-window-ms': limitWindowMs,
      }).concat('--account', VENEZUELA_ACCOUNT, '--magic-references'),
      environment: {
        SANDBOX_BANK_CLIENT_ID: this.secrets.bankClientId,
        SANDBOX_BANK_CLIENT_SECRET: this.secrets.bankClientSecret,
        SANDBOX_BANK_BDV_API_KEY: this.secrets.bankApiKey,
      },
      readiness: 'json-line',
    };
  }

  service(environment: Readonly<Record<string, string>>): ProcessPlan {
    return {
      name: 'service',
      script: this.program('service/main.js'),
      args: [],
      // As `npm start`: the young generation alone would otherwise take 64 MB of an idle process.
      environment: { ...environment, NODE_OPTIONS: '--max-semi-space-size=32' },
      readiness: { url: `${this.url}/readyz` },
    };
  }

  /** What the service is told: addresses, secrets, and the compressed limit and schedule. Postgres must be up. */
  async environment(): Promise<Record<string, string>> {
    const password = (await readFile(this.folder.at('postgres', 'password'), 'utf8')).trim();
    const { limitCalls, limitWindowMs, pauseMs, ...schedule } = COMPRESSED;
    return {
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(this.ports.service),
      PUBLIC_URL: this.url,
      // The samples come all at once, from one merchant.
      RATE_LIMIT_DEFAULT: '100000000/60',
      DATABASE_URL: `postgresql://constancia:${password}@127.0.0.1:${this.ports.postgres}/constancia`,
      EVENTSTORE_URL: `esdb://127.0.0.1:${this.ports.eventStore}?tls=false`,
      PERSONAL_DATA_MASTER_KEY: this.secrets.masterKey,
      PERSONAL_DATA_INDEX_KEY: this.secrets.indexKey,
      BANESCO_BASE_URL: this.bankUrl,
      BANESCO_TOKEN_URL: `${this.bankUrl}/auth/realms/realm-api-qa/protocol/openid-connect/token`,
      BANESCO_TRANSACTIONS_PATH: '/transactions/financial-account/transactions',
      BANESCO_CLIENT_ID: this.secrets.bankClientId,
      BANESCO_CLIENT_SECRET: this.secrets.bankClientSecret,
      BANESCO_AFFILIATE: 'demo',
      BANESCO_SANDBOX: 'true',
      WEBHOOK_PRIVATE_NETWORK: 'true',
      BANESCO_LIMIT_CALLS: String(limitCalls),
      BANESCO_LIMIT_WINDOW_MS: String(limitWindowMs),
      BANESCO_LIMIT_PER_TRANSACTION_CALLS: String(limitCalls),
      BANESCO_MAINTENANCE_MS: String(pauseMs),
      BANESCO_CIRCUIT_OPEN_MS: String(pauseMs),
      BDV_ENABLED: 'true',
      BDV_LOOK_UP_URL: `${this.bankUrl}/getMovement/v2`,
      BDV_LISTING_URL: `${this.bankUrl}/apis/bdv/consulta/movimientos`,
      BDV_API_KEY: this.secrets.bankApiKey,
      BDV_AFFILIATE: 'demo',
      BDV_SANDBOX: 'true',
      BDV_RECEIVING_PHONE: VENEZUELA_PHONE,
      BDV_LIMIT_CALLS: String(limitCalls),
      BDV_LIMIT_WINDOW_MS: String(limitWindowMs),
      BDV_LIMIT_PER_TRANSACTION_CALLS: String(limitCalls),
      VERIFICATION_SCHEDULE_SECONDS: `0,${schedule.repeatSeconds}`,
      VERIFICATION_EVERY_SECONDS: String(schedule.everySeconds),
      VERIFICATION_LATE_EVERY_SECONDS: '60',
      VERIFICATION_VISIBLE_WITHIN_SECONDS: String(schedule.visibleWithinSeconds),
      // Transfers between banks take no longer here than anything else.
      VERIFICATION_DEFERRED_BANKING_HOURS: '0',
    };
  }

  /** The command line, for tasks that run to their end. */
  get commandLine(): string {
    return this.program('cli/main.js');
  }

  private program(path: string): string {
    return join(this.programs, path);
  }
}
