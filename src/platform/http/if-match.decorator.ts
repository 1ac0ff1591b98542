import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from './problem.js';

const VERSION = /^"(\d{1,15})"$/;

/** Reads the version that a caller saw from If-Match. @throws ProblemError where it is missing or no ETag of ours */
export function readIfMatch(header: string | undefined): number {
  if (header === undefined) throw new ProblemError('if_match_required');
  const [, version] = VERSION.exec(header.trim()) ?? [];
  if (version === undefined) throw new ProblemError('version_changed');
  return Number.parseInt(version, 10);
}

/** The version that the caller saw: `@IfMatch() version: number`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number =>
  readIfMatch(
    context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers[
      'if-match'
    ],
  ),
);
