import { sql } from 'kysely';
import { uuidFrom } from '../../kernel/ids.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { rowsAsJson } from '../../platform/projections/rows-as-json.js';
import type { TransactionMessage } from '../../transactions/public-message/transaction.message.js';
import type { WebhookEndpointRow } from '../endpoints/webhook-endpoint.table.js';
import type { WebhookMessage } from '../webhook-message.js';
import './webhook-delivery.table.js';

/** Whom a message is for. */
export type Receiver = Pick<WebhookEndpointRow, 'endpoint_id' | 'merchant_id' | 'mode'>;

/** A message and everyone it goes to. */
export interface Outgoing {
  readonly message: WebhookMessage;
  readonly to: readonly Receiver[];
}

/** The same for the same message to the same endpoint, so that it is written once. */
export const deliveryIdOf = (messageId: string, endpointId: string): string =>
  uuidFrom('webhook delivery', messageId, endpointId);

const isOfTransaction = (message: WebhookMessage): message is TransactionMessage =>
  message.type.startsWith('transaction.');

const deliveryOf = (message: WebhookMessage, receiver: Receiver) => ({
  delivery_id: deliveryIdOf(message.id, receiver.endpoint_id),
  endpoint_id: receiver.endpoint_id,
  message_id: message.id,
  merchant_id: receiver.merchant_id,
  mode: receiver.mode,
  type: message.type,
  transaction_id: isOfTransaction(message) ? message.data.transaction.id : null,
  sequence: isOfTransaction(message) ? message.data.sequence : null,
});

/**
 * Puts messages where they are delivered from: one row for each message and endpoint, in the transaction given. What
 * is there already stays as it is. Two statements, however many there are.
 */
export async function putOut(
  tx: DatabaseTransaction,
  outgoing: readonly Outgoing[],
): Promise<void> {
  const heard = outgoing.filter(({ to }) => to.length > 0);
  if (heard.length === 0) return;
  const messages = heard.map(({ message }) => ({
    message_id: message.id,
    type: message.type,
    body: JSON.stringify(message),
  }));
  await sql`
    insert into state.webhook_message (message_id, type, body)
    select message_id, type, body
    from jsonb_populate_recordset(null::state.webhook_message, ${rowsAsJson(messages)}::jsonb)
    on conflict do nothing`.execute(tx);
  const deliveries = heard.flatMap(({ message, to }) =>
    to.map((receiver) => deliveryOf(message, receiver)),
  );
  await sql`
    insert into state.webhook_delivery
      (delivery_id, endpoint_id, message_id, merchant_id, mode, type, transaction_id, sequence)
    select delivery_id, endpoint_id, message_id, merchant_id, mode, type, transaction_id, sequence
    from jsonb_populate_recordset(null::state.webhook_delivery, ${rowsAsJson(deliveries)}::jsonb)
    on conflict do nothing`.execute(tx);
}
