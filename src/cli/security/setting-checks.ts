import type { Configuration } from '../../platform/config/config.js';
import {
  DatabaseConfig,
  EventStoreConfig,
  LogConfig,
} from '../../platform/config/config.schema.js';
import { LimitsConfig, type Rate } from '../../access/limits/limits.config.js';
import { SessionsConfig } from '../../access/sessions/sessions.config.js';
import { BanescoConfig } from '../../bank-gateway/banks/banesco/banesco.config.js';
import { BanescoSandboxConfig } from '../../bank-gateway/banks/banesco/banesco.sandbox.config.js';
import { VenezuelaSandboxConfig } from '../../bank-gateway/banks/venezuela/venezuela.sandbox.config.js';
import { VenezuelaConfig } from '../../bank-gateway/banks/venezuela/venezuela.config.js';
import { BreachedPasswordsConfig } from '../../access/passwords/breached-passwords.config.js';
import { ServerConfig } from '../../platform/http/server.config.js';
import { unexcusedConnections } from '../../plain-connections.js';
import { WebhooksConfig } from '../../webhooks/webhooks.config.js';
import type { Finding } from './finding.js';
import { readStoreAddress } from '../../platform/config/store-address.js';

type Check = (configuration: Configuration) => readonly (Finding | null)[];

const finding = (when: boolean, setting: string, problem: string, mend: string): Finding | null =>
  when ? { setting, problem, mend } : null;

const isPlain = (url: string): boolean => url.startsWith('http:');

const plainHttp: Check = (configuration) => {
  const { publicUrl } = configuration.section(ServerConfig);
  const banesco = configuration.section(BanescoConfig);
  const venezuela = configuration.section(VenezuelaConfig);
  const beside = configuration.section(BanescoSandboxConfig);
  const besideVenezuela = configuration.section(VenezuelaSandboxConfig);
  const addresses = [
    ['PUBLIC_URL', publicUrl],
    ['BREACHED_PASSWORDS_URL', configuration.section(BreachedPasswordsConfig).url],
    ['BANESCO_BASE_URL', banesco.baseUrl],
    ['BANESCO_TOKEN_URL', banesco.tokenUrl],
    ['BANESCO_SANDBOX_BASE_URL', beside.baseUrl],
    ['BANESCO_SANDBOX_TOKEN_URL', beside.tokenUrl],
    ['BDV_SANDBOX_LOOK_UP_URL', besideVenezuela.lookUpUrl],
    ['BDV_SANDBOX_LISTING_URL', besideVenezuela.listingUrl],
    ...(venezuela.enabled
      ? [
          ['BDV_LOOK_UP_URL', venezuela.lookUpUrl],
          ['BDV_LISTING_URL', venezuela.listingUrl],
        ]
      : []),
  ] as const;
  const mend = 'use https://';
  return addresses.map(([name, url]) => finding(isPlain(url), name, 'is plain HTTP', mend));
};

const storeAccess: Check = (configuration) => {
  const database = readStoreAddress(configuration.section(DatabaseConfig).url.reveal());
  const log = readStoreAddress(configuration.section(EventStoreConfig).url.reveal());
  return [
    ...unexcusedConnections(configuration),
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

const CHECKS: readonly Check[] = [plainHttp, storeAccess, openDoors, looseLimits];

/** Settings that are fit for a laptop and not for what the world can reach. */
export const findUnsafeSettings = (configuration: Configuration): readonly Finding[] =>
  CHECKS.flatMap((check) => check(configuration).filter((found) => found !== null));
