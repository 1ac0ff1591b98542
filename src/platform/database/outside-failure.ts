import { types } from 'node:util';
/** Classes of Postgres errors (SQLSTATE, first two digits) that tell of the server: connection, authorisation, no such database, resources, operator, system, internal. */
const OUTSIDE_CLASSES = new Set(['08', '28', '3D', '53', '57', '58', 'XX']);
/** A statement that does not fit the tables there are: no such schema, table, column or right. */
const SCHEMA_CLASSES = new Set(['3F', '42']);
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

/** True when an error tells of the database being away, full or restarting: the same work may pass later. */
export function isOutsideFailure(error: unknown): boolean {
  // Whichever realm made it: errors of sockets are Node's own.
  if (!types.isNativeError(error)) return false;
  if (error instanceof AggregateError) return error.errors.every(isOutsideFailure);
  const code = sqlStateOf(error);
  if (code === null) return CODELESS.some((wording) => error.message.startsWith(wording));
  return SOCKET_CODES.has(code) || WORTH_REPEATING.has(code) || isOfClass(code, OUTSIDE_CLASSES);
}

/** True when the tables are not those this code was written for: a deployment half done, or a mistake of ours. */
export function isSchemaFailure(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code !== null && isOfClass(code, SCHEMA_CLASSES);
}

const sqlStateOf = (error: unknown): string | null => {
  const code = types.isNativeError(error) ? (error as { code?: unknown }).code : null;
  return typeof code === 'string' ? code : null;
};

const isOfClass = (code: string, classes: ReadonlySet<string>): boolean =>
  code.length === 5 && classes.has(code.slice(0, 2));
