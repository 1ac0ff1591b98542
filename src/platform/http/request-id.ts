import type { IncomingMessage } from 'node:http';
import type { RandomSource } from '../../kernel/ids.js';
import { holdsCardNumber } from './card-number.js';

export const REQUEST_ID_HEADER = 'x-request-id';

// What passes unchanged through headers, log lines and event metadata; long enough for two UUIDs.
const SANE = /^[A-Za-z0-9][A-Za-z0-9._:+=@-]{0,79}$/;

/** The caller's own request id where it is harmless, else a fresh one; a bad id is no reason to refuse a claim. */
export const requestIdOf =
  (random: RandomSource) =>
  (request: Pick<IncomingMessage, 'headers'>): string => {
    const given = request.headers[REQUEST_ID_HEADER];
    return typeof given === 'string' && SANE.test(given) && !holdsCardNumber(given)
      ? given
      : random.uuid();
  };
