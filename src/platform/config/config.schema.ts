// Every variable of the platform: name, shape, default, one line of doc. Contexts declare their own sections the same way.
import { z } from 'zod';
import {
  base64Key,
  emptyOr,
  flag,
  listOf,
  nonEmpty,
  oneOf,
  port,
  urlOf,
  wholeNumber,
} from './shapes.js';
import {
  configSection,
  optionalSecretVariable,
  secretVariable,
  variable,
  type AnyConfigSection,
} from './variable.js';
import { SentryConfig, TracingConfig } from '../tracing/tracing.config.js';

/** Where this process listens. */
export class HttpConfig extends configSection({
  host: variable('HTTP_HOST', nonEmpty, {
    fallback: '127.0.0.1',
    doc: 'Address the service listens on; every interface only behind a balancer.',
  }),
  port: variable('HTTP_PORT', port, {
    fallback: '8000',
    doc: 'Port of the API, the probes and the metrics; 0 takes a free one.',
  }),
}) {}

/** What a process does; several may run, each with its own roles. */
export const ROLES = ['api', 'projector', 'verifier', 'notifier'] as const;
export type Role = (typeof ROLES)[number];

/** Which roles this process has. */
export class RolesConfig extends configSection({
  roles: variable('ROLES', listOf(...ROLES), {
    fallback: ROLES.join(','),
    doc: 'What this process does, divided by commas: api, projector, verifier, notifier.',
  }),
}) {}

const logLevel = oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent');

/** What is logged and how it looks. */
export class LogConfig extends configSection({
  level: variable('LOG_LEVEL', logLevel, {
    fallback: 'info',
    doc: 'The least severe level that is logged.',
  }),
  switchedLevel: variable('LOG_LEVEL_SWITCHED', logLevel, {
    fallback: 'debug',
    doc: 'The level after SIGUSR2, until the next SIGUSR2.',
  }),
  pretty: variable('LOG_PRETTY', flag, {
    fallback: 'false',
    doc: 'Lines for people instead of JSON; for a terminal, never for production.',
  }),
}) {}

/** Postgres: read models and the tables that are truth of their own. */
export class DatabaseConfig extends configSection({
  url: secretVariable('DATABASE_URL', urlOf('postgresql:', 'postgres:'), {
    doc: 'Postgres connection string, with role and password.',
  }),
  poolSize: variable('DATABASE_POOL_SIZE', wholeNumber(2, 200), {
    fallback: '10',
    doc: 'Most connections of one process; more than 20 gained nothing in our measurements.',
  }),
  outageBridgeMs: variable('DATABASE_OUTAGE_BRIDGE_MS', wholeNumber(0, 3_600_000), {
    fallback: '300000',
    doc: 'How long keys, merchants and accounts that were good are still taken while Postgres is away.',
  }),
}) {}

/** The log. */
export class EventStoreConfig extends configSection({
  // Several hosts divided by commas are no URL, so only the scheme is looked at here.
  url: secretVariable(
    'EVENTSTORE_URL',
    nonEmpty.regex(
      /^(esdb|kurrentdb)(\+discover)?:\/\/\S+$/,
      'must begin with esdb:// or esdb+discover://',
    ),
    {
      doc: 'EventStoreDB connection string, with credentials where the server asks for them.',
    },
  ),
  appendThread: variable('EVENTSTORE_APPEND_THREAD', flag, {
    fallback: 'true',
    doc: 'Whether appends leave from a thread of their own: half as many claims again from one process that has a second core, for 20 MB.',
  }),
}) {}

/** How the ways to what stands beside the service are guarded. */
export class NeighboursConfig extends configSection({
  plainBecause: variable('PLAIN_STORES_BECAUSE', z.string().max(200), {
    fallback: '',
    doc: 'Why Postgres, the event store, Redis or the mail server may be reached without TLS, where PUBLIC_URL is https; logged at each start. Empty: the service refuses to start with such a connection to another machine.',
  }),
}) {}

/** The keys that guard what payers tell about themselves. */
export class PersonalDataConfig extends configSection({
  masterKey: secretVariable('PERSONAL_DATA_MASTER_KEY', base64Key(32), {
    doc: 'Wraps the data keys; 32 bytes in base64. Losing it loses all personal data.',
  }),
  previousMasterKey: optionalSecretVariable(
    'PERSONAL_DATA_PREVIOUS_MASTER_KEY',
    emptyOr(base64Key(32)),
    {
      doc: 'The master key before this one, until `personal-data rotate-master` has run; else empty.',
    },
  ),
  indexKey: secretVariable('PERSONAL_DATA_INDEX_KEY', base64Key(32), {
    doc: 'Keys the blind index of phone and document; 32 bytes in base64.',
  }),
}) {}

/** How read models follow the log. */
export class ProjectionConfig extends configSection({
  batchSize: variable('PROJECTION_BATCH_SIZE', wholeNumber(1, 10_000), {
    fallback: '500',
    doc: 'Most events that one transaction of a read model applies.',
  }),
  batchMs: variable('PROJECTION_BATCH_MS', wholeNumber(0, 10_000), {
    fallback: '20',
    doc: 'How long a batch waits to fill before it is applied as it is; up to five times as long where much happens.',
  }),
}) {}

/** The platform's own sections; the composition root adds those of the contexts. */
export const PLATFORM_SECTIONS: readonly AnyConfigSection[] = [
  HttpConfig,
  RolesConfig,
  LogConfig,
  DatabaseConfig,
  EventStoreConfig,
  NeighboursConfig,
  PersonalDataConfig,
  ProjectionConfig,
  TracingConfig,
  SentryConfig,
];
