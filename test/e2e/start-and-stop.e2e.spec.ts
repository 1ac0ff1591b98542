import { Controller, Get, Module } from '@nestjs/common';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { OpenToAll } from '../../src/platform/http/open-to-all.decorator.js';
import { testEnvironment, TestApp, type TestAppOptions } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { MainProcess } from '../support/main-process.js';
import { overBudgetOnPage, SERIES_BUDGET } from '../support/series-budget.js';
import { freshDatabase, TestEventStore, type TestDatabase } from '../support/stores.js';

let arrived = () => {};
let finish = () => {};

@Controller()
class SlowController {
  @Get('slow')
  @OpenToAll()
  async slow(): Promise<string> {
    arrived();
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return 'finished';
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

const opened: TestApp[] = [];

const startApp = async (options: TestAppOptions = {}): Promise<TestApp> => {
  const app = await TestApp.start(options);
  opened.push(app);
  return app;
};

// Also after a failure: what stays open would keep the whole run from ending.
afterEach(async () => {
  finish();
  await Promise.all(opened.splice(0).map((app) => app.stop()));
});

describe('stopping while requests are in flight', () => {
  it('fails readiness first, still serves, and finishes what it began', async () => {
    const app = await startApp({ modules: [SlowModule] });
    const there = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const slow = fetch(`${app.url}/api/v1/slow`);
    await there;
    await eventually(async () => (await fetch(`${app.url}/readyz`)).status === 200);

    const { url } = app;
    // Long enough for the two answers below on a machine that is busy with other tests.
    const stopped = app.stop(2_000);
    const notReady = await fetch(`${url}/readyz`);
    expect(notReady.status).toBe(503);
    expect(await notReady.json()).toMatchObject({
      status: 'fail',
      output: 'the process is stopping',
    });
    const alive = await fetch(`${url}/livez`);
    expect(alive.status).toBe(200);
    expect(alive.headers.get('connection')).toBe('close');

    await eventually(() =>
      fetch(`${url}/livez`).then(
        () => false,
        () => true,
      ),
    );
    finish();
    const finishedAt = performance.now();
    const answer = await slow;
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('finished');
    await stopped;
    // Nobody waits for connections that callers merely keep open.
    expect(performance.now() - finishedAt).toBeLessThan(4_500);
  });
});

describe('starting before the schema is there', () => {
  it('is alive and not ready, and says why', async () => {
    const app = await startApp({ migrated: false });
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
    const answer = await fetch(`${app.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      status: 'fail',
      checks: { migrations: [{ status: 'fail', output: 'migrations are pending' }] },
    });
    expect((await fetch(`${app.url}/startupz`)).status).toBe(503);
  });
});

describe('losing a store', () => {
  it('is unhealthy and not ready without the log, and recovers with it', async () => {
    const app = await startApp();
    await eventually(async () => (await fetch(`${app.url}/readyz`)).status === 200);
    expect(await (await fetch(`${app.url}/api/v1/health`)).json()).toMatchObject({
      status: 'healthy',
      database: 'connected',
      event_store: 'connected',
    });
    const stores = ['database', 'event_store', 'migrations'];
    expect(await (await fetch(`${app.url}/api/v1/health/detailed`)).json()).toMatchObject({
      status: 'healthy',
      by_role: {
        api: { status: 'healthy', checks: stores },
        projector: { status: 'healthy', checks: [...stores, 'projection_lag'] },
        verifier: { status: 'healthy', checks: [...stores, 'bank'] },
      },
    });

    await app.eventStore.kill();
    await eventually(async () => (await fetch(`${app.url}/readyz`)).status === 503);
    const health = await fetch(`${app.url}/health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      status: 'unhealthy',
      database: 'connected',
      event_store: 'disconnected',
    });
    expect((await fetch(`${app.url}/livez`)).status).toBe(200);
    // Once it was up, the startup probe has nothing more to say.
    expect((await fetch(`${app.url}/startupz`)).status).toBe(200);

    await app.eventStore.restart();
    await eventually(async () => (await fetch(`${app.url}/readyz`)).status === 200);
  });
});

describe('running as a process', () => {
  let database: TestDatabase;
  let eventStore: TestEventStore;
  let running: MainProcess[] = [];

  const start = (environment: Record<string, string>): MainProcess => {
    const service = new MainProcess(environment);
    running.push(service);
    return service;
  };

  const complete = (more: Record<string, string> = {}) =>
    testEnvironment(database, eventStore, more);

  beforeAll(async () => {
    [database, eventStore] = await Promise.all([
      freshDatabase({ migrated: false }),
      TestEventStore.start(),
    ]);
  });

  afterEach(async () => {
    await Promise.all(running.map((service) => service.kill()));
    running = [];
  });

  afterAll(() => Promise.all([database.drop(), eventStore.stop()]));

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'migrates, serves, and ends well on %s',
    async (signal) => {
      const service = start(complete({ MIGRATE_ON_START: 'true', SHUTDOWN_DRAIN_MS: '100' }));
      const url = await service.url();
      await eventually(async () => (await fetch(`${url}/readyz`)).status === 200);
      service.signal(signal);
      service.signal(signal);
      expect(await service.exitCode()).toBe(0);
      const last = JSON.parse(service.lines.at(-1) ?? '{}') as { msg?: string };
      expect(last.msg).toBe('stopped');
      expect(service.complaint).toBe('');
    },
    60_000,
  );

  it('names every wrong variable, never its value, and ends with 78', async () => {
    const service = start(complete({ HTTP_PORT: 'canary', DATABASE_URL: '' }));
    expect(await service.exitCode()).toBe(78);
    expect(service.complaint.trim().split('\n').sort()).toEqual([
      'constancia: DATABASE_URL is required',
      'constancia: HTTP_PORT must be a whole number',
    ]);
  });

  it('refuses plain connections to other machines where others reach it', async () => {
    const away = 'postgresql://constancia:canary@postgres.example.com/constancia';
    const variables = { PUBLIC_URL: 'https://api.example.com', DATABASE_URL: away };
    const service = start(complete(variables));
    expect(await service.exitCode()).toBe(78);
    expect(service.complaint).toContain('constancia: DATABASE_URL leads to another machine');
    expect(service.complaint).not.toContain('canary');
  });

  it('says in one line that its port is taken', async () => {
    const other: Server = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const service = start(complete({ HTTP_PORT: String(port) }));
    expect(await service.exitCode()).toBe(1);
    expect(service.complaint).toBe(
      `constancia: port ${port} of 127.0.0.1 is taken; set HTTP_PORT to another\n`,
    );
    other.close();
  });

  it('answers probes and shows every metric whatever its roles, and figures only of what it does', async () => {
    const pageOf = async (roles: string): Promise<string> => {
      const service = start(complete({ ROLES: roles, MIGRATE_ON_START: 'true' }));
      const url = await service.url();
      await eventually(async () => (await fetch(`${url}/readyz`)).status === 200);
      return eventually(async () => {
        const page = await (await fetch(`${url}/metrics`)).text();
        if (!page.includes(roles === 'api' ? '\nauth_active' : 'lag_seconds{'))
          throw new Error(page);
        return page;
      });
    };
    const [projector, api] = await Promise.all(['projector', 'api'].map(pageOf));

    for (const page of [projector, api]) {
      const declared = [...(page ?? '').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(SERIES_BUDGET)));
      expect(overBudgetOnPage(page ?? '')).toEqual([]);
    }
    expect(api).not.toContain('payments_projection_lag_seconds{');
  });

  it('logs more after SIGUSR2, without a restart', async () => {
    const service = start(
      complete({ LOG_LEVEL_SWITCHED: 'trace', LOG_LEVEL: 'info', MIGRATE_ON_START: 'true' }),
    );
    const url = await service.url();
    const level = async () => {
      const answer = await fetch(`${url}/api/v1/health/detailed`);
      return ((await answer.json()) as { logging: { level: string } }).logging.level;
    };
    expect(await level()).toBe('info');
    service.signal('SIGUSR2');
    await eventually(async () => (await level()) === 'trace');
    service.signal('SIGUSR2');
    await eventually(async () => (await level()) === 'info');
  });
});
