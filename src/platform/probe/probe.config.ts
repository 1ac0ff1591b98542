import { optionalUrlOf, text, wholeNumber } from '../config/shapes.js';
import { configSection, variable } from '../config/variable.js';

/** A claim that the service submits to itself, to see what a merchant sees. */
export class ProbeConfig extends configSection({
  url: variable('PROBE_URL', optionalUrlOf('https', 'http'), {
    fallback: '',
    doc: 'Where the probe submits a claim, as merchants reach the service; empty for no probe.',
  }),
  keyFile: variable('PROBE_KEY_FILE', text, {
    fallback: '',
    doc: 'The file with the probe’s test key and receiving account, as `seed` writes it.',
  }),
  everyMinutes: variable('PROBE_EVERY_MINUTES', wholeNumber(1, 1_440), {
    fallback: '15',
    doc: 'How often the probe submits a claim.',
  }),
  verdict: variable('PROBE_VERDICT', text, {
    fallback: '',
    doc: 'The status that the probe’s claim must reach within a minute, where a sandbox answers; empty to wait for none.',
  }),
}) {}
