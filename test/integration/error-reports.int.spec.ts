import dns, { type LookupAddress } from 'node:dns';
import { createLogger } from '../../src/platform/logging/logger.js';
import { requestScope } from '../../src/platform/logging/request-scope.js';
import { Secret } from '../../src/platform/config/secret.js';
import { guardedLookup, mayReach } from '../../src/platform/network/guarded-lookup.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { SentryReporter } from '../../src/platform/tracing/sentry-reporter.js';
import { SentryConfig } from '../../src/platform/tracing/tracing.config.js';
import { eventually } from '../support/eventually.js';
import { HttpSink } from '../support/http-sink.js';

const CANARIES = /canary|04141234567|V12345678|ck_live/;

describe('reporting our mistakes to Sentry', () => {
  let sink: HttpSink;
  let reporter: SentryReporter;
  const logged: string[] = [];

  beforeAll(async () => {
    sink = await HttpSink.start();
    const environment = {
      SENTRY_DSN: `http://madeup@127.0.0.1:${sink.port}/42`,
      SENTRY_ENVIRONMENT: 'rehearsal',
    };
    reporter = new SentryReporter(
      readConfiguration([SentryConfig], environment).section(SentryConfig),
    );
  });

  afterAll(async () => {
    await reporter.close();
    await sink.stop();
  });

  const logger = () =>
    createLogger(
      { level: 'info', pretty: false, onError: (...error) => reporter.report(...error) },
      { write: (line) => void logged.push(line) },
    );

  it('sends a logged error with its causes and its request, and nothing personal', async () => {
    const cause = new TypeError('no row for V12345678');
    const error = Object.assign(
      new Error('payer 04141234567 with ck_live_canary_secret', { cause }),
      {
        code: 'E_MADE_UP',
        config: { headers: { authorization: 'Bearer canary-bearer' } },
      },
    );
    requestScope.run({ request_id: 'order-42' }, () =>
      logger().error({ err: error, payer: { phone: '04141234567' } }, 'answered internal_error'),
    );
    const [report] = await eventually(() => {
      if (sink.received.length === 0) throw new Error('nothing arrived');
      return sink.received;
    });

    expect(report?.path).toMatch(/^\/api\/42\/envelope\//);
    const event = JSON.parse(report?.body.split('\n')[2] ?? '{}') as Record<string, unknown>;
    expect(event).toMatchObject({
      level: 'error',
      environment: 'rehearsal',
      tags: { request_id: 'order-42', code: 'E_MADE_UP' },
      exception: {
        values: [
          { type: 'TypeError', value: 'no row for [redacted]' },
          { type: 'Error', value: 'payer [redacted] with [redacted]' },
        ],
      },
    });
    expect(JSON.stringify(event)).toContain('error-reports.int.spec');
    expect(report?.body).not.toMatch(CANARIES);
    for (const surroundings of [
      'server_name',
      'user',
      'request',
      'extra',
      'breadcrumbs',
      'contexts',
    ]) {
      expect(event).not.toHaveProperty(surroundings);
    }
  });

  it('sends no warning, and no error line without an error', async () => {
    const before = sink.received.length;
    logger().warn({ err: new Error('will be tried again') }, 'worker will run again');
    logger().error('said without an error');
    logger().error({ err: new Error('the last one') });
    await eventually(() => sink.received.some(({ body }) => body.includes('the last one')));

    expect(sink.received.length).toBe(before + 1);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('looks at the address behind a public name: private network %j', async (isPrivate, arrive) => {
    const before = sink.received.length;
    const settings = {
      dsn: new Secret(`http://madeup@reports.example.com:${sink.port}/42`),
      environment: 'rehearsal',
      privateNetwork: isPrivate,
    };
    const asked: string[] = [];
    const lookup = guardedLookup((host, address) => mayReach(host, address, isPrivate), ((
      host: string,
      _: object,
      done: (error: null, found: LookupAddress[]) => void,
    ) => {
      asked.push(host);
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    }) as unknown as typeof dns.lookup);
    const own = new SentryReporter(new SentryConfig(settings), lookup);
    own.report({ type: 'Error', message: 'made up' }, null);
    await eventually(() => expect(asked).toContain('reports.example.com'));
    await own.close();
    expect(sink.received.length - before).toBe(arrive);
  });
});
