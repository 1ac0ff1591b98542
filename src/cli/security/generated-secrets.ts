// Which secrets this product needs that nobody else hands out, and where each is read.
import type { RandomSource } from '../../kernel/ids.js';

/** Where the stores are reached, for the addresses that hold their passwords. */
export interface StoreAddresses {
  /** `host:port/database`. */
  readonly database: string;
  readonly eventStore: string;
  readonly redis: string;
}

export interface GeneratedSecret {
  /** As the service, or the container beside it, reads it. */
  readonly name: string;
  /** Its file in the folder that docker-compose.prod.yml mounts; one that ends in `.env` holds several, by name. */
  readonly file: string;
  readonly value: string;
}

/** Secrets of the configuration that only others can hand out, or that hold only while something is changed. */
export const GIVEN_BY_OTHERS: Readonly<Record<string, string>> = {
  BANESCO_CLIENT_ID: 'from the bank',
  BANESCO_CLIENT_SECRET: 'from the bank',
  BANESCO_USERNAME: 'from the bank, where the user is not the client itself',
  BANESCO_PASSWORD: 'from the bank, with BANESCO_USERNAME',
  BDV_API_KEY: 'from the bank, where BDV_ENABLED is true',
  BANESCO_SANDBOX_CLIENT_ID: 'from the bank, where a sandbox stands beside it',
  BANESCO_SANDBOX_CLIENT_SECRET: 'from the bank, where a sandbox stands beside it',
  BDV_SANDBOX_API_KEY: 'from the bank, where its QA stands beside it',
  SMTP_PASSWORD: 'from the mail server, where SMTP_USER is given',
  SENTRY_DSN: 'from Sentry, where it is used',
  TRACING_OTLP_AUTHORIZATION: 'from the receiver of traces, where it asks for one',
  PERSONAL_DATA_PREVIOUS_MASTER_KEY: 'the present master key, while it is being replaced',
};

// 32 bytes: as strong as the ciphers behind them, and beyond guessing for a password that nobody types.
const BYTES = 32;

const key = (random: RandomSource): string => random.bytes(BYTES).toString('base64');
// For passwords: the alphabet needs no escaping in an address, a shell or a compose file.
const password = (random: RandomSource): string => random.bytes(BYTES).toString('base64url');

/**
 * A fresh set. Keys that sign access tokens, data keys and secrets of one-time codes are made by the service and lie
 * in Postgres, locked with the master key; passwords and keys of people and merchants are issued there too.
 */
export function generateSecrets(
  random: RandomSource,
  { database, eventStore, redis }: StoreAddresses,
): readonly GeneratedSecret[] {
  const [postgres, events, cache] = [password(random), password(random), password(random)];
  const secret = (name: string, file: string, value: string): GeneratedSecret => ({
    name,
    file,
    value,
  });
  return [
    secret('PERSONAL_DATA_MASTER_KEY', 'personal-data-master-key', key(random)),
    secret('PERSONAL_DATA_INDEX_KEY', 'personal-data-index-key', key(random)),
    secret('POSTGRES_PASSWORD', 'postgres-password', postgres),
    secret('DATABASE_URL', 'database-url', `postgresql://constancia:${postgres}@${database}`),
    secret('KURRENTDB_DEFAULT_ADMIN_PASSWORD', 'event-store-passwords.env', password(random)),
    secret('KURRENTDB_DEFAULT_OPS_PASSWORD', 'event-store-passwords.env', password(random)),
    secret('EVENTSTORE_URL', 'eventstore-url', `esdb://constancia:${events}@${eventStore}`),
    secret('REDIS_PASSWORD', 'redis-password', cache),
    secret('REDIS_URL', 'redis-url', `redis://:${cache}@${redis}`),
    secret('GRAFANA_ADMIN_PASSWORD', 'grafana-admin-password', password(random)),
    secret('BACKUP_PASSPHRASE', 'backup-passphrase', password(random)),
  ];
}
