import { z } from 'zod';
import { emailAddress } from '../../platform/http/email-address.js';
import { plainText } from '../../platform/http/plain-text.js';

// Longer than any that may be chosen, so that a wrong one is answered as wrong; bounded for the hash's sake.
export const anyPassword = z
  .string()
  .min(1, 'must not be empty')
  .max(512)
  .meta({ format: 'password' });

const code = z.string().regex(/^\d{6}$/, 'must be 6 digits');

// As it was shown; blanks, dashes and small letters are forgiven.
const recoveryCode = z.string().min(1).max(40);

export const signInBody = z
  .strictObject({
    email: emailAddress,
    password: anyPassword,
    totp_code: code.nullish(),
    recovery_code: recoveryCode
      .nullish()
      .describe('In place of totp_code when the authenticator is lost; each is good once.'),
  })
  .meta({ id: 'SignIn' });
export type SignInBody = z.output<typeof signInBody>;

export const registerBody = z
  .strictObject({ email: emailAddress, name: plainText(200), password: anyPassword })
  .meta({ id: 'Register' });
export type RegisterBody = z.output<typeof registerBody>;

export const refreshBody = z
  .strictObject({ refresh_token: z.string().min(1).max(200) })
  .meta({ id: 'Refresh' });
export type RefreshBody = z.output<typeof refreshBody>;

export const changePasswordBody = z
  .strictObject({ current_password: anyPassword, new_password: anyPassword })
  .meta({ id: 'ChangePassword' });
export type ChangePasswordBody = z.output<typeof changePasswordBody>;

export const passwordBody = z.strictObject({ password: anyPassword }).meta({ id: 'Password' });
export type PasswordBody = z.output<typeof passwordBody>;

/** Who already uses one-time codes proves it: a password alone neither ends them nor makes what stands in for them. */
export const proofBody = z
  .strictObject({
    password: anyPassword,
    totp_code: code.nullish().describe('Demanded where one-time codes are in use.'),
    recovery_code: recoveryCode
      .nullish()
      .describe('In place of totp_code when the authenticator is lost; each is good once.'),
  })
  .meta({ id: 'Proof' });
export type ProofBody = z.output<typeof proofBody>;

export const codeBody = z.strictObject({ totp_code: code }).meta({ id: 'OneTimeCode' });
export type CodeBody = z.output<typeof codeBody>;
