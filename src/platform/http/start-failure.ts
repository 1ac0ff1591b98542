import { ConfigurationInvalid } from '../config/config.js';
import { redactText } from '../logging/redaction.js';

/** sysexits.h: something is wrong with the configuration, and starting again will not help. */
const EXIT_CONFIGURATION = 78;

export interface StartFailure {
  /** For the terminal of whoever started the process. */
  readonly lines: readonly string[];
  readonly exitCode: number;
}

interface SystemError {
  readonly code: string;
  readonly address?: string;
  readonly port?: number;
}

const isSystemError = (error: Error): error is Error & SystemError =>
  'code' in error && typeof error.code === 'string';

function oneLine(error: Error): string {
  if (!isSystemError(error)) return `cannot start: ${redactText(error.message)}`;
  const { code, address = '', port = '' } = error;
  if (code === 'EADDRINUSE') return `port ${port} of ${address} is taken; set HTTP_PORT to another`;
  if (code === 'EACCES' && port !== '') {
    return `port ${port} of ${address} may not be used by this user; set HTTP_PORT to another`;
  }
  if (code === 'EADDRNOTAVAIL') return `${address} is no address of this machine; set HTTP_HOST`;
  return `cannot start: ${redactText(error.message)} (${code})`;
}

/** Says what is in the way of starting: a line per variable that is wrong, else one line. */
export function startFailure(error: unknown): StartFailure {
  if (error instanceof ConfigurationInvalid) {
    return {
      lines: error.problems.map(({ name, reason }) => `${name} ${reason}`),
      exitCode: EXIT_CONFIGURATION,
    };
  }
  const line = error instanceof Error ? oneLine(error) : 'cannot start, and nothing says why';
  return { lines: [line.replace(/\s+/g, ' ')], exitCode: 1 };
}
