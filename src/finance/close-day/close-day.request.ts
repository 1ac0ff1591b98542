import { z } from 'zod';
import { parseLocalDate, type LocalDate } from '../../kernel/local-date.js';
import { plainText } from '../../platform/http/plain-text.js';
import { textAs } from '../../platform/http/text-as.js';

const day = textAs<LocalDate>((input) => parseLocalDate(input), 'must be a day, YYYY-MM-DD');

/** Which day of which account is closed, and why. */
export const closeDayBody = z
  .strictObject({
    receiving_account_id: z.guid('must be a UUID'),
    day: day.meta({ description: "The bank's calendar day, in America/Caracas." }),
    reason: plainText(500).meta({ description: 'Why; kept for ever beside the close.' }),
    accept_incomplete: z.boolean().default(false).meta({
      description: 'Close although the bank has not listed the whole day.',
    }),
  })
  .meta({ title: 'CloseDay' });

export type CloseDayBody = z.output<typeof closeDayBody>;

/** What such a body looks like; it is checked against the schema. */
export const closeDayExample = {
  day: {
    receiving_account_id: '3f0d7c7e-6a52-4f0d-9a55-2d2f0a1c7e11',
    day: '2026-03-10',
    reason: 'agrees with the statement of the bank',
  },
};

export const accountIdParam = z.guid('must be a UUID');
export const dayParam = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day, YYYY-MM-DD')
  .refine((text) => parseLocalDate(text) !== null, 'must be a day, YYYY-MM-DD')
  .meta({ examples: ['2026-03-10'] });
export const versionParam = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, 'must be the number of a version')
  .meta({ examples: ['1'] })
  .transform(Number);
