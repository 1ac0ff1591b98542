import type { ColumnType, Generated, Selectable } from 'kysely';
import type { SignatureScheme } from '../webhook-signature.js';

export type EndpointState = 'enabled' | 'paused' | 'disabled';

/** Where a merchant's backend takes messages. */
export interface WebhookEndpointTable {
  readonly endpoint_id: string;
  readonly merchant_id: string;
  /** An endpoint hears of the claims of one mode alone. */
  readonly mode: 'live' | 'test';
  url: string;
  description: string | null;
  /** The types it wants; null for all, those too that are yet to come. */
  event_types: readonly string[] | null;
  /** `paused` by a person; `disabled` by us, because of what it answered. */
  state: EndpointState;
  disabled_because: 'gone' | 'failing' | null;
  version: Generated<number>;
  /** The first failure after the last success. */
  failing_since: ColumnType<Date | null, Date | null | undefined, Date | null>;
  /** It asked for fewer calls, and gets none until then. */
  held_until: ColumnType<Date | null, Date | null | undefined, Date | null>;
  readonly created_by: string;
  readonly created_at: Date;
}

export type WebhookEndpointRow = Selectable<WebhookEndpointTable>;

/** What messages to an endpoint are signed with; two of a scheme while one is exchanged. */
export interface WebhookSecretTable {
  readonly secret_id: string;
  readonly endpoint_id: string;
  readonly scheme: SignatureScheme;
  /** Locked under the master key. */
  box: Buffer;
  /** Of a key pair; a secret that both sides know has none. */
  readonly public_key: string | null;
  readonly created_at: Date;
  /** When it ends, since another took its place; null for the one in force. */
  expires_at: Date | null;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.webhook_endpoint': WebhookEndpointTable;
    'state.webhook_secret': WebhookSecretTable;
  }
}
