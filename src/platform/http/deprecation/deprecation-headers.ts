import type { Deprecation } from './deprecation.js';

const instantOf = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** Whether a request uses what is deprecated. */
export const isUsed = ({ field }: Deprecation, body: unknown): boolean =>
  field === undefined || (typeof body === 'object' && body !== null && field in body);

/** What the answer to such a request carries. */
export function deprecationHeaders(
  { since, sunset }: Deprecation,
  docs: string,
): Readonly<Record<string, string>> {
  return {
    // A structured-field date (RFC 9745, 2.1); Sunset is older and an HTTP date (RFC 8594, 3).
    deprecation: `@${instantOf(since).getTime() / 1000}`,
    ...(sunset === undefined ? {} : { sunset: instantOf(sunset).toUTCString() }),
    link: `<${docs}>; rel="deprecation"; type="text/html"`,
  };
}
