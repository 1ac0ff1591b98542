import { flag, wholeNumber } from '../../platform/config/shapes.js';
import { configSection, variable } from '../../platform/config/variable.js';

/** How long people stay signed in, and who may become one of them. */
export class SessionsConfig extends configSection({
  accessTokenSeconds: variable('ACCESS_TOKEN_SECONDS', wholeNumber(60, 3_600), {
    fallback: '600',
    doc: 'How long an access token is valid; it is renewed with the refresh token.',
  }),
  idleSeconds: variable('SESSION_IDLE_SECONDS', wholeNumber(300, 2_592_000), {
    fallback: '43200',
    doc: 'A session that was not renewed for so long has ended.',
  }),
  longestSeconds: variable('SESSION_LONGEST_SECONDS', wholeNumber(300, 7_776_000), {
    fallback: '604800',
    doc: 'A session ends after so long whatever happens; then the password is asked for again.',
  }),
  registrationOpen: variable('REGISTRATION_OPEN', flag, {
    fallback: 'false',
    doc: 'Whether strangers may register; they have no role until an admin gives them one.',
  }),
}) {}
