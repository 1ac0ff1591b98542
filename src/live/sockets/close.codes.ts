import type { EndReason } from '../live-message.js';

// RFC 6455 leaves 4000 to 4999 to applications; 1001 and 1013 mean "going away" and "try again later" to everybody.
const MALFORMED = 4000;
const NOT_AUTHENTICATED = 4001;
const NOT_PERMITTED = 4003;
const TOO_SLOW = 4008;
const TOO_MUCH = 4029;
const GOING_AWAY = 1001;
const TRY_LATER = 1013;

/** How a socket is closed that was open. */
export const CODE_OF_END: Readonly<Record<EndReason, number>> = {
  client_left: GOING_AWAY,
  stopping: GOING_AWAY,
  silent: GOING_AWAY,
  too_slow: TOO_SLOW,
  no_longer_authenticated: NOT_AUTHENTICATED,
  no_longer_permitted: NOT_PERMITTED,
  merchant_suspended: NOT_PERMITTED,
  log_unavailable: TRY_LATER,
  unproven: TRY_LATER,
  too_many_messages: TOO_MUCH,
  malformed_message: MALFORMED,
};

const CODE_OF_STATUS: Readonly<Record<number, number>> = {
  400: MALFORMED,
  401: NOT_AUTHENTICATED,
  403: NOT_PERMITTED,
  422: MALFORMED,
  429: TOO_MUCH,
};

/** How a socket is closed that is refused, by the status that a route would have answered. */
export const codeOfRefusal = (status: number): number => CODE_OF_STATUS[status] ?? TRY_LATER;
