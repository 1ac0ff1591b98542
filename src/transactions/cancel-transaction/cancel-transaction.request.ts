import { z } from 'zod';
import { plainText } from '../../platform/http/plain-text.js';

/** Why a claim is withdrawn; the body may be left out. */
export const cancelTransactionBody = z
  .strictObject({ reason: plainText(200).nullish() })
  .nullish()
  .meta({ title: 'CancelTransaction' });

export type CancelTransactionBody = z.output<typeof cancelTransactionBody>;
