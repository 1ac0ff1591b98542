import { z } from 'zod';

// Longer than anything that is read this way, and short enough for any parser.
const LONGEST = 64;

/** A text that is read as something else, or refused with what was expected instead. */
export const textAs = <Value>(parse: (text: string) => Value | null, expected: string) =>
  z
    .string()
    .max(LONGEST, `must have at most ${LONGEST} characters`)
    .transform((text, context) => {
      const value = parse(text);
      if (value !== null) return value;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    });
