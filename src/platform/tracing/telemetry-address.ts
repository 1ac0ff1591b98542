import { isIP } from 'node:net';
import { urlOf } from '../config/shapes.js';

// Clouds keep the secrets of a machine at link-local addresses; no receiver of traces or errors is there.
const LINK_LOCAL = /^(169\.254\.|\[fe[89ab][0-9a-f]:|\[fd00:ec2:)/i;

const isWithinMachine = (host: string): boolean =>
  host === '127.0.0.1' || host === '[::1]' || (!/[.:]/.test(host) && isIP(host) === 0);

/** In clear within one machine or one network of containers, whose names have no dot; otherwise over TLS. */
function reachable(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || isWithinMachine(hostname);
}

const outgoing = urlOf('http:', 'https:').refine(
  // What is no address at all is refused by the shape before this one.
  (address) => !URL.canParse(address) || !LINK_LOCAL.test(new URL(address).hostname),
  'must not lead to a link-local address',
);

/** Where traces are sent. The address is written to logs and pages, so it holds no secret. */
export const traceAddress = outgoing
  .refine(
    (address) => !URL.canParse(address) || reachable(address),
    'must be https:// unless it leads to this machine or to a name without a dot',
  )
  .refine((address) => {
    if (!URL.canParse(address)) return true;
    const { username, password } = new URL(address);
    return username === '' && password === '';
  }, 'must hold no user and no password: TRACING_OTLP_AUTHORIZATION is kept secret');

/** Where errors are reported, as Sentry gives it: `https://<key>@<host>/<project>`. */
export const reportAddress = outgoing
  .refine(
    (address) => !URL.canParse(address) || reachable(address),
    'must be https:// unless it leads to this machine or to a name without a dot',
  )
  .refine((address) => {
    if (!URL.canParse(address)) return true;
    const { username, pathname } = new URL(address);
    return username !== '' && /\/\d+$/.test(pathname);
  }, 'must be https://<key>@<host>/<project>, as Sentry gives it');
