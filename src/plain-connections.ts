// The one table of connections that must be encrypted: the start of the service and `security check` read it.
import { RedisConfig } from './access/limits/redis.config.js';
import { MailConfig } from './notifications/mail.config.js';
import {
  ConfigurationInvalid,
  type ConfigProblem,
  type Configuration,
} from './platform/config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  NeighboursConfig,
} from './platform/config/config.schema.js';
import { isOnThisMachine, readStoreAddress } from './platform/config/store-address.js';
import { ServerConfig } from './platform/http/server.config.js';

/** A connection on which others may read along, or answer in somebody's place. */
export interface PlainConnection {
  readonly setting: string;
  readonly problem: string;
  readonly mend: string;
}

interface Rule {
  readonly setting: string;
  readonly mend: string;
  /** Whether the connection is neither encrypted with a certificate that is checked nor within this machine. */
  readonly isPlain: (configuration: Configuration) => boolean;
}

const leadsAway = (hosts: readonly string[]): boolean => !hosts.every(isOnThisMachine);
const VERIFIED = ['verify-ca', 'verify-full'];

const RULES: readonly Rule[] = [
  {
    setting: 'DATABASE_URL',
    mend: 'add sslmode=verify-full',
    isPlain(configuration) {
      const { hosts, options } = readStoreAddress(
        configuration.section(DatabaseConfig).url.reveal(),
      );
      const named = options.get('host');
      const led = named === null ? hosts : [named];
      return leadsAway(led) && !VERIFIED.includes(options.get('sslmode') ?? '');
    },
  },
  {
    setting: 'EVENTSTORE_URL',
    mend: 'remove tls=false and name tlsCAFile',
    isPlain(configuration) {
      const address = configuration.section(EventStoreConfig).url.reveal();
      const { hosts, options } = readStoreAddress(address);
      return leadsAway(hosts) && options.get('tls') === 'false';
    },
  },
  {
    setting: 'REDIS_URL',
    mend: 'use rediss://',
    isPlain(configuration) {
      const url = configuration.section(RedisConfig).url.reveal();
      return url.startsWith('redis:') && leadsAway(readStoreAddress(url).hosts);
    },
  },
  {
    setting: 'SMTP_TLS',
    mend: 'use starttls or implicit',
    isPlain(configuration) {
      const { host, tls } = configuration.section(MailConfig);
      return tls === 'none' && !isOnThisMachine(host);
    },
  },
];

/** Every such connection, whatever speaks for it. */
export const plainConnections = (configuration: Configuration): readonly PlainConnection[] =>
  RULES.filter(({ isPlain }) => isPlain(configuration)).map(({ setting, mend }) => ({
    setting,
    problem: 'leads to another machine without TLS that is verified',
    mend: `${mend}, or say in PLAIN_STORES_BECAUSE why it is guarded otherwise`,
  }));

/** Those that nothing speaks for. */
export const unexcusedConnections = (configuration: Configuration): readonly PlainConnection[] =>
  configuration.section(NeighboursConfig).plainBecause === ''
    ? plainConnections(configuration)
    : [];

/**
 * Keeps a service that others reach from starting with such connections.
 * @throws ConfigurationInvalid
 */
export function refusePlainConnections(configuration: Configuration): void {
  if (!configuration.section(ServerConfig).publicUrl.startsWith('https:')) return;
  const problems = unexcusedConnections(configuration).map(
    ({ setting: name, problem, mend }): ConfigProblem => ({ name, reason: `${problem}; ${mend}` }),
  );
  if (problems.length > 0) throw new ConfigurationInvalid(problems);
}
