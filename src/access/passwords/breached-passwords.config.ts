import { oneOf, optionalUrlOf, text, wholeNumber } from '../../platform/config/shapes.js';
import { configSection, variable } from '../../platform/config/variable.js';

/** Where passwords are looked up that became known when others were broken into. */
export class BreachedPasswordsConfig extends configSection({
  file: variable('BREACHED_PASSWORDS_FILE', text, {
    fallback: '',
    doc: 'File of SHA-1 hashes in hexadecimal, sorted, `HASH:COUNT` a line, as Pwned Passwords is downloaded; a password that is chosen must not be in it. Empty: BREACHED_PASSWORDS_URL is asked.',
  }),
  url: variable('BREACHED_PASSWORDS_URL', optionalUrlOf('https:', 'http:'), {
    fallback: '',
    doc: 'Address that answers the first five digits of a hash with the rest of those it knows, such as https://api.pwnedpasswords.com/range; nothing but the five digits is sent. Empty, and no file: nothing is looked up.',
  }),
  timeoutMs: variable('BREACHED_PASSWORDS_TIMEOUT_MS', wholeNumber(100, 10_000), {
    fallback: '2000',
    doc: 'Longest time that the address may take for an answer.',
  }),
  whenAway: variable('BREACHED_PASSWORDS_WHEN_AWAY', oneOf('accept', 'refuse'), {
    fallback: 'accept',
    doc: 'What happens to a password that could not be looked up: accept it, counted and logged, or refuse it with 503.',
  }),
}) {}
