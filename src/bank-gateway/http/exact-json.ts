/**
 * Reads JSON and keeps every number as the text that was sent: `630.10` stays `630.10`, and a reference of
 * 20 digits loses none. Banks write one field now as a number, now as a string; this makes them one.
 * Returns undefined for what is not JSON.
 */
export function parseExactJson(body: Buffer): unknown {
  // Some servers begin with a byte order mark, which JSON does not allow.
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text, keepSource);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function keepSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  // Without the source only numbers that a double holds exactly may pass.
  if (context?.source !== undefined) return context.source;
  return Number.isSafeInteger(value) ? String(value) : Number.NaN;
}

/** True for an object that is no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The trimmed text of a field that may come as a text or a number; null when it is neither or empty. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const trimmed = value.trim();
  return trimmed === '' ? null : trimmed;
}
