import { z } from 'zod';
import { plainText } from '../../platform/http/plain-text.js';

/** Why the payer's data is erased; the reason is kept and must not name the payer. */
export const erasePersonalDataBody = z
  .strictObject({ reason: plainText(200) })
  .meta({ title: 'ErasePersonalData' });

export type ErasePersonalDataBody = z.output<typeof erasePersonalDataBody>;
