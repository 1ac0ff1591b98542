import type { ColumnType, Generated, Selectable } from 'kysely';
import type { Telling } from '../../transactions/public-message/telling.message.js';
import type { AttemptOutcome } from './webhook-schedule.js';

/** What was told of a transaction so far: nothing at or before its position is told again. */
export interface WebhookTellingTable {
  readonly transaction_id: string;
  telling: Telling;
  position: bigint;
}

/** A message, word for word as it is sent. */
export interface WebhookMessageTable {
  readonly message_id: string;
  readonly type: string;
  readonly body: string;
  readonly told_at: ColumnType<Date, Date | undefined, never>;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'given_up'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One message on its way to one endpoint. */
export interface WebhookDeliveryTable {
  readonly delivery_id: string;
  /** In the order in which they were written; what lists are sorted by. */
  readonly number: Generated<bigint>;
  readonly endpoint_id: string;
  readonly message_id: string;
  readonly merchant_id: string;
  readonly mode: 'live' | 'test';
  readonly type: string;
  /** Null for what tells of no transaction, such as a test; it waits for nothing. */
  readonly transaction_id: string | null;
  readonly sequence: number | null;
  status: Generated<DeliveryStatus>;
  /** Every try there ever was. */
  attempts: Generated<number>;
  /** Tries since it was last due anew: the schedule counts these. */
  tries: Generated<number>;
  due_at: ColumnType<Date, Date | undefined, Date>;
  /** Whoever has it in hand until then; after that it is anybody's. */
  leased_until: ColumnType<Date | null, undefined, Date | null>;
  lease: ColumnType<string | null, undefined, string | null>;
  readonly created_at: ColumnType<Date, Date | undefined, never>;
  ended_at: ColumnType<Date | null, undefined, Date | null>;
}

export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;

/** One try of a delivery. */
export interface WebhookAttemptTable {
  readonly delivery_id: string;
  readonly number: number;
  readonly began_at: Date;
  readonly duration_ms: number;
  readonly outcome: AttemptOutcome;
  /** What the receiver answered; null when nothing came. */
  readonly status: number | null;
  /** What went wrong, in our words and few; never the receiver's. */
  readonly error: string | null;
}

export type WebhookAttemptRow = Selectable<WebhookAttemptTable>;

declare module '../../platform/database/database.js' {
  interface Database {
    'state.webhook_telling': WebhookTellingTable;
    'state.webhook_message': WebhookMessageTable;
    'state.webhook_delivery': WebhookDeliveryTable;
    'state.webhook_attempt': WebhookAttemptTable;
  }
}
