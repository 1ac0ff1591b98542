import { RedisConfig } from './access/limits/redis.config.js';
import { MailConfig } from './notifications/mail.config.js';
import { readConfiguration, type Environment } from './platform/config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  NeighboursConfig,
} from './platform/config/config.schema.js';
import { ServerConfig } from './platform/http/server.config.js';
import { plainConnections, refusePlainConnections } from './plain-connections.js';

const SECTIONS = [
  ServerConfig,
  DatabaseConfig,
  EventStoreConfig,
  RedisConfig,
  MailConfig,
  NeighboursConfig,
];
const LOCAL: Environment = {
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: 'postgresql://c:p@127.0.0.1:5432/c',
  EVENTSTORE_URL: 'esdb://localhost:2113?tls=false',
  REDIS_URL: 'redis://:p@[::1]:6379',
};
const configured = (changed: Environment) => readConfiguration(SECTIONS, { ...LOCAL, ...changed });
const plain = (changed: Environment): readonly string[] =>
  plainConnections(configured(changed)).map(({ setting }) => setting);

describe('reaching stores without TLS', () => {
  it.each<[string, Environment, readonly string[]]>([
    ['within this machine', {}, []],
    [
      'in a socket of the file system',
      { DATABASE_URL: 'postgresql:///c?host=/run/postgresql' },
      [],
    ],
    [
      'Postgres named in its options',
      { DATABASE_URL: 'postgresql:///c?host=db.example.com' },
      ['DATABASE_URL'],
    ],
    ['Postgres', { DATABASE_URL: 'postgresql://c:p@postgres/c' }, ['DATABASE_URL']],
    [
      'Postgres that nobody checks',
      { DATABASE_URL: 'postgresql://c:p@db.example.com/c?sslmode=require' },
      ['DATABASE_URL'],
    ],
    [
      'Postgres that is checked',
      { DATABASE_URL: 'postgresql://c:p@db.example.com/c?sslmode=verify-full' },
      [],
    ],
    [
      'one node of three',
      { EVENTSTORE_URL: 'esdb://127.0.0.1,10.20.0.4?tls=false' },
      ['EVENTSTORE_URL'],
    ],
    ['an event store with TLS', { EVENTSTORE_URL: 'esdb://10.20.0.4?tls=true' }, []],
    ['Redis', { REDIS_URL: 'redis://redis:6379' }, ['REDIS_URL']],
    ['Redis with TLS', { REDIS_URL: 'rediss://redis:6379' }, []],
    ['a mail server', { SMTP_HOST: 'mail', SMTP_TLS: 'none' }, ['SMTP_TLS']],
    ['a mail server with TLS', { SMTP_HOST: 'mail' }, []],
  ])('finds %s', (_, changed, settings) => {
    expect(plain(changed)).toEqual(settings);
  });

  const AWAY = { DATABASE_URL: 'postgresql://c:p@postgres/c', REDIS_URL: 'redis://redis:6379' };

  it('keeps a service that others reach from starting, and says how to mend it', () => {
    const start = () => refusePlainConnections(configured(AWAY));
    expect(start).toThrow(/DATABASE_URL: .*verify-full.*PLAIN_STORES_BECAUSE/);
    expect(start).toThrow(/REDIS_URL: .*rediss/);
  });

  it.each<[string, Environment]>([
    ['with a reason', { PLAIN_STORES_BECAUSE: 'containers of one machine' }],
    ['on a laptop', { PUBLIC_URL: 'http://127.0.0.1:8000' }],
  ])('lets it start %s', (_, changed) => {
    expect(() => refusePlainConnections(configured({ ...AWAY, ...changed }))).not.toThrow();
  });
});
