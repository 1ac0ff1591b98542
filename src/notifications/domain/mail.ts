/** Everything that a mail can be about; the list is closed. */
export const MAIL_KINDS = [
  'sign_in_from_new_place',
  'password_changed',
  'password_reset',
  'totp_begun',
  'totp_ended',
  'totp_reset',
  'recovery_codes_made',
  'recovery_code_used',
  'session_reuse_detected',
  'webhook_endpoint_disabled',
  'claims_digest',
] as const;

export type MailKind = (typeof MAIL_KINDS)[number];

/** What a mail tells; masked, and nothing of payers. */
export type MailFacts = Readonly<Record<string, string | number>>;

/** A mail before it is known where its reader has its box. */
export interface MailCause {
  readonly to: { readonly user: string } | { readonly merchant: string };
  readonly kind: MailKind;
  readonly facts: MailFacts;
}
