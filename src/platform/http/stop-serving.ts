import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { Lifecycle } from '../health/lifecycle.js';

/** What is in flight after this long is cut, so that stores can still be closed in order before the deadline. */
const FINISH_WITHIN_MS = 5_000;
/** Connections that callers keep open become idle only when their last answer is out. */
const HANG_UP_EVERY_MS = 50;

/**
 * Stops in the order that loses nothing: readiness fails and the balancer turns away, requests in flight finish,
 * then followers and workers end, then the connections to the stores close.
 */
export async function stopServing(app: NestFastifyApplication, drainMs: number): Promise<void> {
  app.get(Lifecycle).stop();
  await delay(drainMs);
  const server = app.getHttpServer();
  const hangUp = setInterval(() => server.closeIdleConnections(), HANG_UP_EVERY_MS);
  const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  try {
    await app.getHttpAdapter().getInstance().close();
  } finally {
    clearInterval(hangUp);
    clearTimeout(cut);
  }
  await app.close();
}
