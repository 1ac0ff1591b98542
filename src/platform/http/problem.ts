import type { PlatformProblemCode, ProblemEntry, ProblemFacts } from './problem-codes.js';

/** One wrong value: where it stood and why it is refused. */
export interface FieldError {
  readonly in: 'body' | 'query' | 'path' | 'header';
  /** JSON pointer (RFC 6901) into that part of the request. */
  readonly pointer: string;
  readonly reason: string;
}

/** An answer as RFC 9457 describes it, with our extension members. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly errors?: readonly FieldError[];
  readonly request_id: string;
  readonly retryable: boolean;
  readonly [fact: string]: unknown;
}

interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly facts?: ProblemFacts;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown at the edge (guards, pipes, queries) for what the platform's own list names; rules use `RuleViolation`. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly errors: readonly FieldError[];
  readonly facts: ProblemFacts;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: PlatformProblemCode,
    options: ProblemOptions = {},
  ) {
    super(code, 'cause' in options ? { cause: options.cause } : {});
    this.errors = options.errors ?? [];
    this.facts = options.facts ?? {};
    this.headers = options.headers ?? {};
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

// Long enough for every path of ours; a longer one is the caller's own noise.
const MAX_INSTANCE_LENGTH = 256;

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const withSnakeCaseKeys = (facts: ProblemFacts): ProblemFacts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [snakeCase(name), value]));

export interface Occurrence {
  readonly code: string;
  readonly entry: ProblemEntry;
  readonly publicUrl: string;
  readonly requestId: string;
  /** The request's address; the query is left out, since it may hold personal data. */
  readonly url: string;
  readonly facts?: ProblemFacts;
  readonly errors?: readonly FieldError[];
}

/** Writes one occurrence of a problem as the document that is answered. */
export function problemDocument(occurrence: Occurrence): ProblemDocument {
  const { code, entry, facts = {} } = occurrence;
  const detail = typeof entry.detail === 'string' ? entry.detail : entry.detail(facts);
  const pointer = typeof entry.pointer === 'function' ? entry.pointer(facts) : entry.pointer;
  const byRule: readonly FieldError[] =
    pointer === undefined ? [] : [{ in: 'body', pointer, reason: detail }];
  const errors = [...(occurrence.errors ?? []), ...byRule];
  return {
    ...withSnakeCaseKeys(facts),
    ...entry.members?.(facts),
    type: `${occurrence.publicUrl}/problems/${code}`,
    title: entry.title,
    status: entry.status,
    detail,
    instance: occurrence.url.replace(/[?#].*$/s, '').slice(0, MAX_INSTANCE_LENGTH),
    code,
    ...(errors.length === 0 ? {} : { errors }),
    request_id: occurrence.requestId,
    retryable: entry.retryable ?? false,
  };
}
