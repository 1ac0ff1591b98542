import type { IncomingHttpHeaders } from 'node:http';

/** What is spoken on a socket; a client offers it, and the server agrees to it. */
export const SUBPROTOCOL = 'constancia.v1';
/** Carries the key or token of clients that cannot send headers, as one more protocol that is offered. */
const BEARER = 'bearer.';

/**
 * What a handshake proves its caller by, as the header `Authorization` would carry it: the header itself, or
 * `Sec-WebSocket-Protocol: constancia.v1, bearer.<key>`, which is all that a browser can send. Never the address: those
 * are written into logs on the way.
 */
export function authorizationOf(headers: IncomingHttpHeaders): string | undefined {
  if (headers.authorization !== undefined) return headers.authorization;
  const offered = offeredBy(headers).find((protocol) => protocol.startsWith(BEARER));
  return offered === undefined ? undefined : `Bearer ${offered.slice(BEARER.length)}`;
}

const offeredBy = (headers: IncomingHttpHeaders): readonly string[] =>
  (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());

/** Programs send no origin; pages may connect from where they may call the API. */
export function isOriginAllowed(
  origin: string | undefined,
  {
    publicUrl,
    corsOrigins,
  }: { readonly publicUrl: string; readonly corsOrigins: readonly string[] },
): boolean {
  if (origin === undefined) return true;
  return corsOrigins.includes(origin) || origin === new URL(publicUrl).origin;
}
