import type { Configuration } from '../../platform/config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  LogConfig,
} from '../../platform/config/config.schema.js';
import { LimitsConfig, type Rate } from '../../access/limits/limits.config.js';
import { RedisConfig } from '../../access/limits/redis.config.js';
import { SessionsConfig } from '../../access/sessions/sessions.config.js';
import { BanescoConfig } from '../../bank-gateway/banks/banesco/banesco.config.js';
import { VenezuelaConfig } from '../../bank-gateway/banks/venezuela/venezuela.config.js';
import { ServerConfig } from '../../platform/http/server.config.js';
import { TracingConfig } from '../../platform/tracing/tracing.config.js';
import { WebhooksConfig } from '../../webhooks/webhooks.config.js';
import type { Finding } from './finding.js';
import { isWithinReach, readStoreAddress } from './store-address.js';

type Check = (configuration: Configuration) => readonly (Finding | null)[];

const finding = (when: boolean, setting: string, problem: string, mend: string): Finding | null =>
  when ? { setting, problem, mend } : null;

const isPlain = (url: string): boolean => url.startsWith('http:');

const hostOf = (url: string): string => new URL(url).hostname;

const plainHttp: Check = (configuration) => {
  const { publicUrl } = configuration.section(ServerConfig);
  const banesco = configuration.section(BanescoConfig);
  const venezuela = configuration.section(VenezuelaConfig);
  const { url: traces } = configuration.section(TracingConfig);
  const addresses = [
    ['PUBLIC_URL', publicUrl],
    ['BANESCO_BASE_URL', banesco.baseUrl],
    ['BANESCO_TOKEN_URL', banesco.tokenUrl],
    ...(venezuela.enabled
      ? [
          ['BDV_LOOK_UP_URL', venezuela.lookUpUrl],
          ['BDV_LISTING_URL', venezuela.listingUrl],
        ]
      : []),
  ] as const;
  const mend = 'use https://';
  return [
    ...addresses.map(([name, url]) => finding(isPlain(url), name, 'is plain HTTP', mend)),
    // Spans hold no personal data, so a collector beside the service may be told without TLS.
    finding(
      isPlain(traces) && !isWithinReach(hostOf(traces)),
      'TRACING_OTLP_URL',
      'is plain HTTP to another machine',
      mend,
    ),
  ];
};

const plainStores: Check = (configuration) => {
  const database = readStoreAddress(configuration.section(DatabaseConfig).url.reveal());
  const log = readStoreAddress(configuration.section(EventStoreConfig).url.reveal());
  const away = (hosts: readonly string[]) => !hosts.every(isWithinReach);
  const redisUrl = configuration.section(RedisConfig).url.reveal();
  const sslmode = database.options.get('sslmode') ?? '';
  return [
    finding(
      away(database.hosts) && !['verify-ca', 'verify-full', 'require'].includes(sslmode),
      'DATABASE_URL',
      'leads to another machine without TLS',
      'add sslmode=verify-full',
    ),
    finding(
      redisUrl.startsWith('redis:') && away(readStoreAddress(redisUrl).hosts),
      'REDIS_URL',
      'leads to another machine without TLS',
      'use rediss://',
    ),
    finding(
      log.options.get('tls') === 'false' && away(log.hosts),
      'EVENTSTORE_URL',
      'leads to another machine without TLS',
      'remove tls=false and name tlsCAFile',
    ),
    finding(
      log.options.get('tlsVerifyCert') === 'false',
      'EVENTSTORE_URL',
      'believes any certificate',
      'remove tlsVerifyCert=false and name tlsCAFile',
    ),
    finding(
      ['admin', 'ops'].includes(log.user ?? ''),
      'EVENTSTORE_URL',
      'signs in as a user who may do everything',
      'make a user that may only read and append',
    ),
    finding(
      ['postgres', 'root', 'admin'].includes(database.user ?? ''),
      'DATABASE_URL',
      'signs in as a user who may do everything',
      'make a role that owns its database and nothing else',
    ),
  ];
};

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.|\[::1\])/;

const openDoors: Check = (configuration) => {
  const { corsOrigins, trustedProxies } = configuration.section(ServerConfig);
  const open = corsOrigins.some(
    (origin) => !origin.startsWith('https://') || LOCAL_ORIGIN.test(origin),
  );
  return [
    finding(open, 'CORS_ORIGINS', 'lets pages call that are not https', 'list https origins alone'),
    finding(
      trustedProxies.some((proxy) => /^(0\.0\.0\.0|::)\/0$/.test(proxy)),
      'TRUSTED_PROXIES',
      'believes whatever a caller says of its address',
      'name the proxies',
    ),
    finding(
      configuration.section(SessionsConfig).registrationOpen,
      'REGISTRATION_OPEN',
      'lets strangers register',
      'set it to false; an admin makes users',
    ),
    finding(
      configuration.section(WebhooksConfig).privateNetwork,
      'WEBHOOK_PRIVATE_NETWORK',
      'lets merchants have addresses of the own network called',
      'set it to false',
    ),
    finding(
      ['debug', 'trace'].includes(configuration.section(LogConfig).level),
      'LOG_LEVEL',
      'logs more than a running service should',
      'set it to info; SIGUSR2 shows more for a while',
    ),
  ];
};

// Ten times what is usual; beyond that a limit stops nobody who guesses.
const MOST_PER_MINUTE = { login: 100, register: 50, default: 100_000 } as const;
const perMinute = ({ requests, seconds }: Rate): number => (requests * 60) / seconds;

const looseLimits: Check = (configuration) => {
  const limits = configuration.section(LimitsConfig);
  return (['login', 'register', 'default'] as const).map((policy) =>
    finding(
      perMinute(limits[policy]) > MOST_PER_MINUTE[policy],
      `RATE_LIMIT_${policy.toUpperCase()}`,
      'limits nothing',
      `allow at most ${MOST_PER_MINUTE[policy]} a minute`,
    ),
  );
};

const CHECKS: readonly Check[] = [plainHttp, plainStores, openDoors, looseLimits];

/** Settings that are fit for a laptop and not for what the world can reach. */
export const findUnsafeSettings = (configuration: Configuration): readonly Finding[] =>
  CHECKS.flatMap((check) => check(configuration).filter((found) => found !== null));
