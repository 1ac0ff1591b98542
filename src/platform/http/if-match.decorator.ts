import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from './problem.js';

// Strong entity tags only (RFC 9110, 13.1.1): ours are the version in quotes. `*` would name no version at all.
const VERSION_TAG = /^"(\d{1,15})"$/;

/** Reads the version that an If-Match names. @throws ProblemError when it is missing or names none */
export function readIfMatch(header: string | undefined): number {
  if (header === undefined) throw new ProblemError('version_required');
  const version = VERSION_TAG.exec(header.trim())?.[1];
  if (version !== undefined) return Number(version);
  const reason = 'must be the ETag of the version that was seen, such as "3"';
  throw new ProblemError('invalid_input', {
    errors: [{ in: 'header', pointer: '/if-match', reason }],
  });
}

/** The version that the caller saw when it decided: `@SeenVersion() seenVersion: number`. */
export const SeenVersion = createParamDecorator((_: unknown, context: ExecutionContext): number =>
  readIfMatch(
    context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers[
      'if-match'
    ],
  ),
);

/** The version that the caller saw, null where it names none: `@SeenVersionIfAny() seenVersion: number | null`. */
export const SeenVersionIfAny = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | null => {
    const { headers } = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string | undefined> }>();
    return headers['if-match'] === undefined ? null : readIfMatch(headers['if-match']);
  },
);
