import { HttpException } from '@nestjs/common';
import { RuleViolation } from '../../kernel/rejection.js';
import { isOutsideFailure } from '../database/outside-failure.js';
import { CommandIdReused } from '../event-store/command-runner.js';
import { EventStoreUnavailable, StreamConflict } from '../event-store/event-store.js';
import { ProblemError, type FieldError } from './problem.js';
import type { PlatformProblemCode, ProblemFacts } from './problem-codes.js';

/** What an error means to the caller. */
export interface Classified {
  readonly code: string;
  readonly facts?: ProblemFacts;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Fastify's own codes, for requests that never reach a route's handler. */
const BY_FASTIFY_CODE: Readonly<Record<string, PlatformProblemCode>> = {
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
};

const BY_STATUS: Readonly<Record<number, PlatformProblemCode>> = {
  400: 'malformed_request',
  401: 'not_authenticated',
  403: 'not_permitted',
  404: 'route_not_found',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
};

// Both stores come back within seconds or need a person; asking every second is no burden.
const SOON = { 'retry-after': '1' } as const;

const codeOf = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
};

/** The problem that Fastify's error stands for; null when it is none of the caller's. */
export function classifyFrameworkError(error: unknown): PlatformProblemCode | null {
  return BY_FASTIFY_CODE[codeOf(error) ?? ''] ?? null;
}

function classifyHttpException(exception: HttpException): Classified {
  const byCause = classifyFrameworkError(exception.cause);
  if (byCause !== null) return { code: byCause };
  const status = exception.getStatus();
  const fallback = status < 500 ? 'malformed_request' : 'internal_error';
  return { code: BY_STATUS[status] ?? fallback };
}

/** Finds the problem that an error stands for; everything unknown is an internal error. */
export function classifyError(error: unknown): Classified {
  if (error instanceof ProblemError) return error;
  if (error instanceof RuleViolation) {
    const { code, facts } = error.rejection;
    const waitSeconds = facts['retryAfterSeconds'] ?? facts['retry_after_seconds'];
    return typeof waitSeconds === 'number'
      ? { code, facts, headers: { 'retry-after': String(waitSeconds) } }
      : { code, facts };
  }
  if (error instanceof CommandIdReused) return { code: 'idempotency_key_reused' };
  if (error instanceof StreamConflict) return { code: 'concurrent_change', headers: SOON };
  if (error instanceof EventStoreUnavailable) {
    return { code: 'event_store_unavailable', headers: SOON };
  }
  if (error instanceof HttpException) return classifyHttpException(error);
  if (isOutsideFailure(error)) return { code: 'database_unavailable', headers: SOON };
  return { code: 'internal_error' };
}
