import { wholeNumber } from '../../platform/config/shapes.js';
import { configSection, variable } from '../../platform/config/variable.js';

/** What is kept of the banks' answers. */
export class RawAnswersConfig extends configSection({
  keptDays: variable('BANK_ANSWERS_KEPT_DAYS', wholeNumber(0, 3650), {
    fallback: '90',
    doc: 'Days that the banks’ answers are kept word for word, encrypted; 0 keeps none.',
  }),
}) {}
