import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '../../platform/http/problem.js';
import { textAs } from '../../platform/http/text-as.js';
import { parsePhone } from '../submit-transaction/payer-identity.js';

const HEADER = 'payer-phone';
const phone = textAs(parsePhone, 'must be a Venezuelan mobile number');

/** Reads the phone that a list is narrowed by; null where none is named. @throws ProblemError when it is none */
export function readPayerPhone(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  const read = phone.safeParse(header);
  if (read.success) return read.data;
  const reason = 'must be a Venezuelan mobile number';
  throw new ProblemError('invalid_input', {
    errors: [{ in: 'header', pointer: `/${HEADER}`, reason }],
  });
}

/** A header, since addresses are written down by whatever lies in between (OWASP ASVS 5, 14.2.1). */
export const PayerPhone = createParamDecorator((_: unknown, context: ExecutionContext) =>
  readPayerPhone(
    context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string | readonly string[] | undefined> }>().headers[
      HEADER
    ],
  ),
);
