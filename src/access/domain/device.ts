// In this order: most programs name those they want to be taken for as well.
const PROGRAMS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari', 'curl', 'okhttp', 'node'] as const;
const SHOWN: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'] as const;

/**
 * What a person may recognise a device by, in words of our own: whoever signs in writes its user agent itself, and
 * nothing that a stranger wrote belongs into a message to somebody else.
 */
export function deviceOf(userAgent: string | null): string {
  const named = (words: readonly string[]): string | undefined =>
    words.find((word) => userAgent?.includes(word) === true);
  const program = named(PROGRAMS);
  const words = [program === undefined ? undefined : (SHOWN[program] ?? program), named(SYSTEMS)];
  const known = words.filter((word) => word !== undefined);
  return known.length === 0 ? 'unknown' : known.join(', ');
}
