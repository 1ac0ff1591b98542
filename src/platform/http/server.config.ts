import { flag, urlOf, wholeNumber, wordList } from '../config/shapes.js';
import { configSection, variable } from '../config/variable.js';

/** How the process presents itself, starts and stops. */
export class ServerConfig extends configSection({
  publicUrl: variable(
    'PUBLIC_URL',
    urlOf('http:', 'https:').transform((url) => url.replace(/\/+$/, '')),
    {
      fallback: 'http://127.0.0.1:8000',
      doc: 'Address that callers use; links and problem types begin with it.',
    },
  ),
  trustedProxies: variable('TRUSTED_PROXIES', wordList, {
    fallback: '',
    doc: 'Addresses or networks of proxies whose X-Forwarded-For is believed, divided by commas; also loopback, uniquelocal.',
  }),
  corsOrigins: variable('CORS_ORIGINS', wordList, {
    fallback: '',
    doc: 'Origins of web pages that may call the API, divided by commas; empty: none may.',
  }),
  idempotencyKeptHours: variable('IDEMPOTENCY_KEPT_HOURS', wholeNumber(24, 2_160), {
    fallback: '168',
    doc: 'How long an Idempotency-Key is remembered after its first use; claims are recognised for ever by themselves.',
  }),
  shutdownDrainMs: variable('SHUTDOWN_DRAIN_MS', wholeNumber(0, 8_000), {
    fallback: '1000',
    doc: 'How long readiness fails before a stopping process closes its door, so that a balancer turns away first.',
  }),
  migrateOnStart: variable('MIGRATE_ON_START', flag, {
    fallback: 'false',
    doc: 'Runs pending migrations before listening; otherwise readiness fails until someone runs them.',
  }),
}) {}
