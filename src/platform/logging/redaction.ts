const SHOWN = '[redacted]';

/** Fields whose values never reach a log line, whatever they are spelt like; compared without case, `_` and `-`. */
const HIDDEN = new Set([
  // Of persons and accounts.
  'payer',
  'phone',
  'payerphone',
  'document',
  'payerdocument',
  'payername',
  'concept',
  'metadata',
  'email',
  'reference',
  'account',
  'accountnumber',
  'receivingaccount',
  // What proves who somebody is.
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'apikey',
  'password',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'masterkey',
  'indexkey',
  // Whole bodies may hold any of these.
  'body',
]);

// Shapes that give themselves away inside free text, such as an error's message: keys, credentials in headers and
// addresses, mail addresses, Venezuelan mobile numbers, accounts of 20 digits, identity documents.
const TELLTALE = new RegExp(
  [
    /\bck_(?:live|test)_[\w-]+/,
    /\b(?:Bearer|Basic)\s+[\w~+/.=-]{6,}/,
    /(?<=\/\/)[^\s/@"']+@/,
    // From the start of a word only, or long words would be looked at once per letter.
    /(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+/,
    /(?<!\d)(?:\+?58|0)-?4\d{2}[-\s]?\d{7}(?!\d)/,
    /(?<!\d)\d{20}(?!\d)/,
    /\b[VEJPGC]-?\d{6,9}\b/,
  ]
    .map((shape) => shape.source)
    .join('|'),
  'g',
);

// Deeper or longer values are not worth a log line, and bound the work for one.
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;

const isHidden = (name: string): boolean =>
  HIDDEN.has(name) || HIDDEN.has(name.replace(/[_-]/g, '').toLowerCase());

/** Free text without what must not be read there. */
export const redactText = (text: string): string => text.replace(TELLTALE, SHOWN);

/** A value as it may be logged: hidden fields replaced, texts cleaned, at any depth. Errors are left to `loggedError`. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return redact(value.toJSON(), depth + 1);
  }
  return redactFields(value, depth);
}

/** The fields of a log line as they may be written. */
export function redactFields(fields: object, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    clean[name] =
      isHidden(name) && value !== null && value !== undefined ? SHOWN : redact(value, depth + 1);
  }
  return clean;
}

/** An error as it is logged: only these members, since libraries hang whole requests on theirs. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: redactText(String(error)) };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined || depth >= 3
      ? {}
      : { cause: loggedError(error.cause, depth + 1) }),
  };
}
