import { flag, urlOf, wholeNumber } from '../config/shapes.js';
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
  shutdownDrainMs: variable('SHUTDOWN_DRAIN_MS', wholeNumber(0, 8_000), {
    fallback: '1000',
    doc: 'How long readiness fails before a stopping process closes its door, so that a balancer turns away first.',
  }),
  migrateOnStart: variable('MIGRATE_ON_START', flag, {
    fallback: 'false',
    doc: 'Runs pending migrations before listening; otherwise readiness fails until someone runs them.',
  }),
}) {}
