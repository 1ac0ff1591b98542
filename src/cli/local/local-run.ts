import { readFile } from 'node:fs/promises';
import { DataFolder } from './data-folder.js';
import { freePort } from './ports.js';
import { runTask } from './run-task.js';
import { LocalStack } from './stack.js';
import { Supervisor } from './supervisor.js';

/** What the demo merchant's backend needs to call the API. */
export interface DemoMerchant {
  readonly merchantId: string;
  readonly receivingAccountId: string;
  readonly apiKey: string;
}

export interface LocalRunOptions {
  readonly directory: string;
  readonly programs: string;
  readonly servicePort: number;
  /** The receiving account of the demo merchant, 20 digits. */
  readonly account: string;
  /** The movements the sandbox bank begins with. */
  readonly movements: string;
  /** Variables for the service, over those that the stack sets. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The whole product on one machine: begun in the order the parts need each other, ended in the opposite one. */
export class LocalRun {
  private constructor(
    readonly folder: DataFolder,
    readonly supervisor: Supervisor,
    readonly stack: LocalStack,
  ) {}

  /** Takes the data folder, ends what an earlier run left behind and chooses ports. */
  static async prepare(options: LocalRunOptions, say: (line: string) => void): Promise<LocalRun> {
    const folder = await DataFolder.take(options.directory);
    try {
      const supervisor = new Supervisor(folder, say);
      await supervisor.endSurvivors();
      const ports = {
        service: await freePort('the service', options.servicePort, say),
        postgres: await freePort('PostgreSQL', 5432, say),
        eventStore: await freePort('the event store', 2113, say),
        bank: await freePort('the sandbox bank', 8090, say),
      };
      const stack = new LocalStack(options.programs, folder, ports, await folder.secrets());
      return new LocalRun(folder, supervisor, stack);
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  /** Starts the stores and the bank, brings the schema up to date, makes the demo merchant, starts the service. */
  async start(options: LocalRunOptions, say: (line: string) => void): Promise<DemoMerchant> {
    const { stack, supervisor } = this;
    say('Starting PostgreSQL, the event store and the sandbox bank ...');
    await supervisor.start(
      stack.postgres(),
      stack.eventStore(),
      stack.bank(options.account, options.movements),
    );
    const environment = { ...(await stack.environment()), ...options.environment };
    await runTask(stack.commandLine, ['migrate'], environment);
    say('Starting the service ...');
    const demo = this.folder.at('demo-merchant.json');
    await Promise.all([
      runTask(stack.commandLine, ['seed', '--account', options.account, '--out', demo], environment),
      supervisor.start(stack.service(environment)),
    ]);
    return JSON.parse(await readFile(demo, 'utf8')) as DemoMerchant;
  }

  async stop(): Promise<void> {
    await this.supervisor.stop();
    await this.folder.release();
  }
}
