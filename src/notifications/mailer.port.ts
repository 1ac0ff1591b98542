import type { WrittenMail } from './domain/mail-texts.js';

/** A mail with its envelope. */
export interface AddressedMail extends WrittenMail {
  /** The same at each attempt, so that a box can tell a repeat. */
  readonly mailId: string;
  readonly recipient: string;
  readonly at: Date;
}

/** What became of handing a mail over. Reasons are codes; what a server said may hold an address. */
export type MailOutcome =
  | { readonly outcome: 'sent' }
  /** Another time it may succeed. */
  | { readonly outcome: 'failed'; readonly reason: string }
  /** The server will never take it. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** Hands mails over. */
export abstract class Mailer {
  /** Ends soon after the signal, without knowing then whether the mail was taken. Throws nothing. */
  abstract send(mail: AddressedMail, signal: AbortSignal): Promise<MailOutcome>;
}
