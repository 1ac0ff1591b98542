import { defineEvent, type Event } from '../../kernel/event.js';

/** Everything that is written down because it touches who may do what; the list only grows. */
export type ActName =
  | 'access.refused'
  | 'api_key.issued'
  | 'api_key.revoked'
  | 'api_key.rotated'
  | 'bank_credential.created'
  | 'bank_credential.removed'
  | 'bank_credential.retired'
  | 'bank_credential.stored'
  | 'bank_credential.submitted'
  | 'bank_gateway.closed'
  | 'bank_gateway.reopened'
  | 'master_key.rotated'
  | 'merchant.changed'
  | 'merchant.registered'
  | 'receiving_account.added'
  | 'receiving_account.changed'
  | 'session.ended'
  | 'session.reuse_detected'
  | 'session.started'
  | 'sessions.ended'
  | 'sessions.flushed'
  | 'sign_in.refused'
  | 'signing_key.rotated'
  | 'transactions.exported'
  | 'user.changed'
  | 'user.created'
  | 'user.password_changed'
  | 'user.password_reset'
  | 'user.recovery_code_used'
  | 'user.recovery_codes_made'
  | 'user.registered'
  | 'user.totp_changed'
  | 'user.totp_reset'
  | 'webhook_deliveries.replayed'
  | 'webhook_endpoint.changed'
  | 'webhook_endpoint.created'
  | 'webhook_endpoint.deleted'
  | 'webhook_endpoint.disabled'
  | 'webhook_endpoint.secret_rotated'
  | 'webhook_endpoint.tested';

/** Someone did, or tried to do, what touches who may do what. The actor and the request are in the metadata. */
export interface SecurityActRecorded {
  readonly act: ActName;
  /** On what it was done: `api_key:<id>`, `user:<id>`, `merchant:<id>`. */
  readonly subject: string;
  /** The merchant whom it concerns; null where it concerns the operator. */
  readonly merchantId: string | null;
  /** Where the request came from; null for the command line. */
  readonly address: string | null;
  readonly result: 'done' | 'refused';
  /** Why it was refused, a code; null where it was done. */
  readonly reason: string | null;
  /** What else describes it; never a secret, never what payers told. */
  readonly particulars: Readonly<Record<string, string | number | boolean | null>>;
  readonly at: string;
}

export const securityActRecorded = defineEvent<SecurityActRecorded>()('SecurityActRecorded.v1');

export type SecurityActEvent = Event<'SecurityActRecorded.v1', SecurityActRecorded>;

/** For the event catalogue. */
export const securityActEvents = [securityActRecorded] as const;
