import { z } from 'zod';
import { readPositionToken } from '../../platform/http/position-token.js';

const LONGEST = 64;

/** As of when a report is asked for: an instant, or the position that an earlier answer named. */
export type AsOf = { readonly instant: Date } | { readonly position: bigint };

const instant = z.iso.datetime({ offset: true });

/** Instants are taken to the millisecond, as answers give them. */
function readAsOf(text: string): AsOf | null {
  const token = readPositionToken(text);
  if (token !== null) return 'position' in token ? token : null;
  return instant.safeParse(text).success ? { instant: new Date(text) } : null;
}

/** As of when; left out, the report is of this moment. */
export const asOf = z
  .string()
  .max(LONGEST, `must have at most ${LONGEST} characters`)
  .transform((text, context) => {
    const read = readAsOf(text);
    if (read !== null) return read;
    context.addIssue({
      code: 'custom',
      message: 'must be an instant such as 2026-03-10T14:00:00Z, or the position of an answer',
    });
    return z.NEVER;
  })
  .optional()
  .meta({
    description:
      'An instant (RFC 3339), taken once for a position of the log and from then on for the same; or a position that an answer named. Left out: as of now.',
  });
