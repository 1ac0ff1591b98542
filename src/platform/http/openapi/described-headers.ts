import {
  type HeaderDescription,
  type Method,
  type Operation,
  type Reference,
  type ResponseDescription,
} from './document-shape.js';
import { keyUseOf } from './idempotency-key-parameter.js';

const text = (description: string): HeaderDescription => ({
  description,
  schema: { type: 'string' },
});

/** What the headers of answers mean; a route names those it sends: `headers: sends('ETag')`. */
export const HEADERS = {
  Deprecation: text('Since when the operation is deprecated (RFC 9745), as @ and seconds.'),
  ETag: text('The version of the resource; If-Match names it when it is changed.'),
  'Idempotency-Replayed': text('true when the request is the repeat of one that took effect.'),
  Link: text('rel="next" leads to the next page of a list (RFC 8288); left out on the last one.'),
  Location: text('The address of the resource.'),
  'Position-Token': text('Where in the log the change lies; a list that is sent it shows it.'),
  'Preference-Applied': text('Which preference was followed (RFC 7240), such as wait=10.'),
  RateLimit: text('What is left of the limit and until when: "default";r=99;t=60.'),
  'RateLimit-Policy': text('The limit that counts: "default";q=100;w=60.'),
  'Retry-After': text('Seconds after which the same request may succeed.'),
  Sunset: text('When the operation ends (RFC 8594).'),
  'WWW-Authenticate': text('How to prove who calls.'),
  'X-Request-Id': text('Names the request in logs; the one that was sent, where it is harmless.'),
} satisfies Record<string, HeaderDescription>;

export type HeaderName = keyof typeof HEADERS;

/** For the `headers` of an answer's description. */
export const sends = (...names: readonly HeaderName[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Adds the headers that an answer of an operation has by its shape. */
export function describeHeaders(method: Method, operation: Operation): void {
  const isCounted = operation.responses['429'] !== undefined;
  const counted = isCounted ? (['RateLimit', 'RateLimit-Policy'] as const) : [];
  for (const [status, answer] of Object.entries(operation.responses)) {
    const replayed =
      method === 'post' && keyUseOf(operation) !== 'none' && /^20[04]$/.test(status)
        ? (['Idempotency-Replayed'] as const)
        : [];
    // A repeat of what concerns access alone wrote nothing and has none.
    const wrote = method !== 'get' && status.startsWith('2') ? (['Position-Token'] as const) : [];
    addHeaders(answer, 'X-Request-Id', ...counted, ...replayed, ...wrote);
  }
}

/** Adds headers to one answer, beside those it has. */
export function addHeaders(answer: ResponseDescription, ...names: readonly HeaderName[]): void {
  answer.headers = { ...sends(...names), ...answer.headers };
}
