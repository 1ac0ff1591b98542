import { join } from 'node:path';
import { ClaimsApi } from '../../src/cli/local/claims-api.js';
import { type DemoMerchant, LocalRun } from '../../src/cli/local/local-run.js';
import { freePort } from '../../src/cli/local/ports.js';
import { localDateAt } from '../../src/kernel/local-date.js';
import { Baseline } from './baseline.js';
import { appendRaw, submitOverHttp } from './contestants.js';
import type { HttpLoad } from './http-load.js';
import type { Measured } from './measured.js';
import { postgresPids, residentMb } from './process-figures.js';
import { cpuDuring } from './where-time-goes.js';

const CALLERS = 32;
const SECONDS = 4;
/** Two bulks at a time, of which the service has so many appends under way together. */
const BULKS = 2;
const CLAIMS_PER_BULK = 500;
const BULK_APPENDS = 128;
// Far more than a round can submit, so that rounds never share a reference.
const REFERENCES_PER_ROUND = 1_000_000;

export interface Round {
  readonly result: Measured;
  readonly cpuMs: Readonly<Record<string, number>>;
}

/** The stores, the service and the baseline, on one machine and the same disks. */
export class Arena {
  private rounds = 0;
  private readonly serviceUrls: string[];
  private readonly baselines: Baseline[];

  private constructor(
    private readonly run: LocalRun,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly demo: DemoMerchant,
    baseline: Baseline,
  ) {
    this.serviceUrls = [run.stack.url];
    this.baselines = [baseline];
  }

  static async open(
    directory: string,
    root: string,
    roles: Readonly<Record<string, string>>,
    say: (line: string) => void,
  ): Promise<Arena> {
    const programs = join(root, 'dist');
    const run = await LocalRun.prepare({ directory, programs, servicePort: 0 }, say);
    try {
      const movements = join(root, 'samples/movements.jsonl');
      const environment = await run.start(movements, { ...roles, LOG_LEVEL: 'warn' });
      const demo = await run.demoMerchant();
      const baseline = await Baseline.start(environment['DATABASE_URL'] ?? '', demo);
      return new Arena(run, environment, demo, baseline);
    } catch (error) {
      await run.stop();
      throw error;
    }
  }

  /** A second process of the service and of the baseline, on the same stores. */
  async addSecond(): Promise<void> {
    const port = await freePort('the second process', 0, () => undefined);
    const url = `http://127.0.0.1:${port}`;
    await this.run.supervisor.start({
      ...this.run.stack.service({ ...this.environment, HTTP_PORT: String(port), PUBLIC_URL: url }),
      name: 'second service',
      readiness: { url: `${url}/readyz` },
    });
    this.serviceUrls.push(url);
    this.baselines.push(await Baseline.start(this.environment['DATABASE_URL'] ?? '', this.demo));
  }

  get readyAfterMs(): number {
    return this.run.supervisor.process('service').readyAfterMs;
  }

  residentMb(): Promise<number | null> {
    return residentMb(this.run.supervisor.process('service').pid ?? 0);
  }

  raw(): Promise<Round> {
    return this.appends(CALLERS);
  }

  /** The bare client with as many appends under way as the bulks have. */
  rawAsBulk(): Promise<Round> {
    return this.appends(BULK_APPENDS);
  }

  private async appends(callers: number): Promise<Round> {
    const exampleStream = `transaction-${await this.exampleId()}`;
    const connectionString = this.environment['EVENTSTORE_URL'] ?? '';
    const load = { connectionString, callers, seconds: SECONDS, exampleStream };
    return cpuDuring(
      () => this.watched(),
      () => appendRaw(load),
    );
  }

  async service(): Promise<Round> {
    const load = this.load(this.serviceUrls, '/api/v1/transactions', 202);
    return cpuDuring(
      () => this.watched(),
      () => submitOverHttp(load),
    );
  }

  async bulk(): Promise<Round> {
    const load = {
      ...this.load(this.serviceUrls, '/api/v1/transactions/bulk', 200),
      connections: BULKS,
      claimsPerRequest: CLAIMS_PER_BULK,
    };
    return cpuDuring(
      () => this.watched(),
      () => submitOverHttp(load),
    );
  }

  async crud(): Promise<Round> {
    const urls = this.baselines.map(({ url }) => url);
    const load = this.load(urls, '/claims', 201);
    return cpuDuring(
      () => this.watched(),
      () => submitOverHttp(load),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.baselines.map((baseline) => baseline.stop()));
    await this.run.stop();
  }

  private load(urls: readonly string[], path: string, expectedStatus: number): HttpLoad {
    this.rounds += 1;
    return {
      urls,
      path,
      expectedStatus,
      apiKey: this.demo.apiKey,
      receivingAccountId: this.demo.receivingAccountId,
      connections: CALLERS,
      claimsPerRequest: 1,
      seconds: SECONDS,
      paidOn: localDateAt(new Date()),
      firstReference: Date.now() * 1_000 + this.rounds * REFERENCES_PER_ROUND,
    };
  }

  /** A submission whose stored event the bare client appends again and again. */
  private async exampleId(): Promise<string> {
    const { url } = this.run.stack;
    const load = this.load([url], '', 202);
    const { id } = await new ClaimsApi(url, this.demo.apiKey).submit({
      external_id: 'example',
      kind: 'pago_movil',
      receiving_account_id: load.receivingAccountId,
      origin_bank: '0102',
      reference: String(load.firstReference),
      amount: 124_050,
      currency: 'VES',
      paid_on: load.paidOn,
      payer: { phone: '+584121234567', document: 'V12345678', name: 'Payer of a benchmark' },
    });
    return id;
  }

  private async watched(): Promise<Record<string, number[]>> {
    const pid = (name: string): number => this.run.supervisor.process(name).pid ?? 0;
    const services = this.serviceUrls.length > 1 ? ['service', 'second service'] : ['service'];
    return {
      service: services.map(pid),
      'event store': [pid('event-store')],
      crud: this.baselines.map((baseline) => baseline.pid),
      postgres: await postgresPids(this.run.folder.at('postgres', 'cluster')),
    };
  }
}
