import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { Lifecycle } from '../health/lifecycle.js';

/** What is in flight this long after the door has closed is cut, so that stores can still be closed in order. */
const FINISH_WITHIN_MS = 5_000;
/** All of it, the drain included; the rest of the ten seconds that orchestrators give is for closing the stores. */
const SERVE_AT_MOST_MS = 8_500;
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
  const cut = setTimeout(() => server.closeAllConnections(), finishWithinMs(drainMs));
  try {
    await app.getHttpAdapter().getInstance().close();
  } finally {
    clearInterval(hangUp);
    clearTimeout(cut);
  }
  await app.close();
}

/** A long drain, for balancers that look seldom, leaves less time to what is in flight. */
export const finishWithinMs = (drainMs: number): number =>
  Math.min(FINISH_WITHIN_MS, SERVE_AT_MOST_MS - drainMs);
