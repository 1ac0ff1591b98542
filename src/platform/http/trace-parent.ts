// W3C Trace Context, level 1: version, trace id, parent id, flags. Later versions may append more fields.
const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.+)?$/;

/** The trace id of a `traceparent` header; null when there is none or it is malformed, which callers must not notice. */
export function traceIdOf(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  const [, version, traceId, parentId, more] = SHAPE.exec(header) ?? [];
  if (traceId === undefined || parentId === undefined || version === 'ff') return null;
  if (version === '00' && more !== undefined) return null;
  return /^0+$/.test(traceId) || /^0+$/.test(parentId) ? null : traceId;
}
