import { readFile } from 'node:fs/promises';
import { freePort } from './ports.js';
import { LocalFolder } from './local-folder.js';
import { runTask } from './run-task.js';
import { LocalStack, VENEZUELA_ACCOUNT } from './stack.js';
import { Supervisor } from './supervisor.js';

/** What the demo merchant's backend needs to call the API. */
export interface DemoMerchant {
  readonly merchantId: string;
  readonly receivingAccountId: string;
  readonly apiKey: string;
}

export interface LocalRunOptions {
  readonly directory: string;
  /** The folder of the built programs. */
  readonly programs: string;
  readonly servicePort: number;
}

/** The receiving account that the samples' movements are on: all are on one. */
async function accountOf(movements: string): Promise<string> {
  const [first = ''] = (await readFile(movements, 'utf8')).split('\n', 1);
  return (JSON.parse(first) as { account: string }).account;
}

/** The whole product on one machine: begun in the order the parts need each other, ended in the opposite one. */
export class LocalRun {
  private ended = false;
  private readonly endings: (() => Promise<void>)[] = [];

  private constructor(
    readonly folder: LocalFolder,
    readonly supervisor: Supervisor,
    readonly stack: LocalStack,
    private readonly say: (line: string) => void,
  ) {}

  /** Takes the data folder, ends what an earlier run left behind and chooses ports. */
  static async prepare(options: LocalRunOptions, say: (line: string) => void): Promise<LocalRun> {
    const folder = await LocalFolder.take(options.directory);
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
      return new LocalRun(folder, supervisor, stack, say);
    } catch (error) {
      await folder.release();
      throw error;
    }
  }

  /**
   * Starts the stores and the bank, brings the schema up to date, makes the demo merchant, starts the service.
   * Answers the variables that the service runs with; `more` go over those that the stack sets.
   */
  async start(
    movements: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, string>> {
    const { stack, supervisor } = this;
    this.say('Starting PostgreSQL, the event store and the sandbox bank ...');
    const account = await accountOf(movements);
    await supervisor.start(stack.postgres(), stack.eventStore(), stack.bank(account, movements));
    const environment = { ...(await stack.environment()), ...more };
    await this.folder.keepEnvironment(environment);
    this.say('Bringing the schema up to date ...');
    await runTask(stack.commandLine, ['migrate'], environment);
    this.say('Starting the service and making the demo merchant ...');
    await Promise.all([
      runTask(
        stack.commandLine,
        [
          'seed',
          '--account',
          account,
          '--venezuela-account',
          VENEZUELA_ACCOUNT,
          '--out',
          this.demoPath,
        ],
        environment,
      ),
      supervisor.start(stack.service(environment)),
    ]);
    return environment;
  }

  async demoMerchant(): Promise<DemoMerchant> {
    return JSON.parse(await readFile(this.demoPath, 'utf8')) as DemoMerchant;
  }

  /** Does something more once every process has stopped. */
  atTheEnd(ending: () => Promise<void>): void {
    this.endings.push(ending);
  }

  /** Stops every process and leaves the folder to the next run; once. */
  async stop(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    this.say('Stopping ...');
    await this.supervisor.stop();
    for (const ending of this.endings) await ending();
    await this.folder.release();
    this.say('Stopped.');
  }

  private get demoPath(): string {
    return this.folder.at('demo-merchant.json');
  }
}
