import { z } from 'zod';
import { flag, listOf, wholeNumber } from '../../platform/config/shapes.js';
import { configSection, variable } from '../../platform/config/variable.js';
import { USER_ROLES, type UserRole } from '../domain/permissions.js';

// Null: as the public address says, see TotpDemand.
const rolesOrNobody = z.union([
  z.literal('').transform(() => null),
  z.literal('none').transform((): readonly UserRole[] => []),
  listOf(...USER_ROLES),
]);

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
  totpRequiredRoles: variable('TOTP_REQUIRED_ROLES', rolesOrNobody, {
    fallback: '',
    doc: 'Roles that may do nothing before they use one-time codes, divided by commas, or `none`. Empty: admin and manager where PUBLIC_URL is https, else none.',
  }),
  temporaryPasswordHours: variable('TEMPORARY_PASSWORD_HOURS', wholeNumber(1, 720), {
    fallback: '72',
    doc: 'How long a password that an admin or the command line made is good for the first sign-in.',
  }),
  registrationOpen: variable('REGISTRATION_OPEN', flag, {
    fallback: 'false',
    doc: 'Whether strangers may register; they have no role until an admin gives them one.',
  }),
}) {}
