import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { holdsCardNumber } from '../card-number.js';
import { ProblemError } from '../problem.js';

const HEADER = 'idempotency-key';
// A structured-field string, as the draft says, or bare as most clients write it.
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

/** Reads an Idempotency-Key; null when there is none and none is required. @throws ProblemError */
export function readIdempotencyKey(
  header: string | readonly string[] | undefined,
  { required }: { readonly required: boolean },
): string | null {
  if (header === undefined) {
    if (required) throw new ProblemError('idempotency_key_required');
    return null;
  }
  const match = typeof header === 'string' ? KEY.exec(header.trim()) : null;
  const key = match?.[1] ?? match?.[2];
  if (key !== undefined && !holdsCardNumber(key)) return key;
  const reason = 'must be one text of 1 to 255 visible characters that holds no card number';
  throw new ProblemError('invalid_input', {
    errors: [{ in: 'header', pointer: `/${HEADER}`, reason }],
  });
}

/** The key that names the request, where its route demands one: `@IdempotencyKey() key: string`. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | null =>
    readIdempotencyKey(
      context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers[
        HEADER
      ],
      { required: true },
    ),
);
