/**
 * Classes of Postgres errors (SQLSTATE, first two digits) that blame no row: connection, authorisation, schema
 * missing, resources, operator, system, internal; and 42, a statement that does not fit the tables there are.
 */
const BLAMELESS_CLASSES = new Set(['08', '28', '3D', '3F', '42', '53', '57', '58', 'XX']);
/** Read-only after a failover, cut while idle, serialization, deadlock, lock not free: it may pass when repeated. */
const WORTH_REPEATING = new Set(['25006', '25P03', '25P04', '40001', '40P01', '55P03']);
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// Errors that pg and Kysely raise without any code; their wording is the only mark (pg 8.23.1, kysely 0.29.9).
const CODELESS = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Cannot use a pool after calling end on the pool',
  'driver has already been destroyed',
];

/**
 * True when an error tells of the database and not of the rows in hand: it is away, full, restarting, or its
 * tables are not those this code was written for. The same work may pass later, and nobody's data is to blame.
 */
export function isOutsideFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(isOutsideFailure);
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') {
    return CODELESS.some((wording) => error.message.startsWith(wording));
  }
  return (
    SOCKET_CODES.has(code) ||
    WORTH_REPEATING.has(code) ||
    (code.length === 5 && BLAMELESS_CLASSES.has(code.slice(0, 2)))
  );
}
