import { text, wholeNumber } from '../config/shapes.js';
import { configSection, variable } from '../config/variable.js';

/** How often the log is anchored, and where anchors go beside Postgres. */
export class LogAuditConfig extends configSection({
  everyMinutes: variable('LOG_ANCHOR_EVERY_MINUTES', wholeNumber(1, 10_080), {
    fallback: '60',
    doc: 'How often a signed anchor of the whole log is made, where something was written since.',
  }),
  file: variable('LOG_ANCHOR_FILE', text, {
    fallback: '',
    doc: 'File that each anchor is also appended to, on storage apart from the log; empty for none.',
  }),
}) {}
