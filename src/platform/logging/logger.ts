import { pino, stdTimeFunctions, type Bindings, type DestinationStream, type Logger } from 'pino';
import { prettyStream } from './pretty-line.js';
import { loggedError, redactFields, redactText, type LoggedError } from './redaction.js';
import { requestScope } from './request-scope.js';

export interface LoggerOptions {
  readonly level: string;
  readonly pretty: boolean;
  /** Told of every error that is logged as one, with the request that it belongs to. */
  readonly onError?: (error: LoggedError, requestId: string | null) => void;
}

/** What pino calls `error`; `fatal` is above it. */
const ERROR_LEVEL = 50;

// Writing does not block a request, and many lines make one write. What is still in memory at an exit is flushed by
// pino; a kill -9 may lose the last tenth of a second, of the log of the process only.
const standardOutput = (): DestinationStream =>
  pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 100 });

// Cheaper than a child logger for every request, most of which log nothing but their end. A copy, since pino writes
// the fields of the line into what it is given.
const currentRequest = (): object => ({ ...requestScope.getStore() });

const errorIn = (first: unknown): Error | null => {
  if (first instanceof Error) return first;
  const inner = typeof first === 'object' && first !== null && 'err' in first ? first.err : null;
  return inner instanceof Error ? inner : null;
};

/** Pino would take the message of an error as it is when the line has none of its own; the cleaned one is put there. */
function cleanArguments(args: readonly unknown[]): unknown[] {
  const clean = args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg));
  const error = errorIn(args[0]);
  if (error === null || typeof args[1] === 'string') return clean;
  if (args[0] !== error && Object.hasOwn(Object(args[0]), 'msg')) return clean;
  return [args[0], redactText(error.message), ...clean.slice(1)];
}

/** For fields that are known to hold nothing of a caller, written so often that looking at them again would cost. */
export function vettedLogger(logger: Logger): Logger {
  const vetted = logger.child({}, { formatters: { log: (fields) => fields } });
  // A child keeps the level that it was born with; and hears of its own changes too, which must not go round.
  logger.on('level-change', (level, ...[, , , changed]) => {
    if (changed === logger) vetted.level = level;
  });
  return vetted;
}

/** The one logger of the process: JSON lines with ISO 8601 times, nothing personal and no secret in them. */
export function createLogger(
  options: LoggerOptions,
  destination: DestinationStream = standardOutput(),
): Logger {
  const logger = pino(
    {
      level: options.level,
      base: { service: 'constancia', pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      mixin: currentRequest,
      serializers: { err: (error: unknown) => loggedError(error) },
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      hooks: {
        logMethod(args, method, level) {
          if (level >= ERROR_LEVEL && options.onError !== undefined) {
            const error = errorIn(args[0]);
            const requestId = requestScope.getStore()?.request_id ?? null;
            if (error !== null) options.onError(loggedError(error), requestId);
          }
          method.apply(this, cleanArguments(args) as typeof args);
        },
      },
    },
    options.pretty ? prettyStream(destination) : destination,
  );
  // Pino forgets the formatter of bindings in children; they inherit this method instead.
  const prototype = Object.getPrototypeOf(logger) as Logger;
  logger.child = function child(this: Logger, bindings: Bindings, childOptions?: never) {
    return prototype.child.call(this, redactFields(bindings), childOptions);
  } as Logger['child'];
  return logger;
}
