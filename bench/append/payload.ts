import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@eventstore/db-client';

/** About 400 bytes of JSON and metadata, as a submitted claim has. */
const BODY = {
  external_id: 'order-2026-000123',
  kind: 'pago_movil',
  receiving_account_id: '0b9a3f5e-3c7b-5d1e-8a43-2f6f0c1d9e11',
  origin_bank: '0105',
  reference: '000000683473',
  amount_minor: '1240050',
  currency: 'VES',
  paid_on: '2026-11-20',
  payer: { phone_masked: '04**-***-**34', document_masked: 'V-******12', key: 'k-000017' },
};
const METADATA = {
  $correlationId: '2e1f8a70-8f5c-4b3c-9a53-0d1b3b6c7a10',
  $causationId: '2e1f8a70-8f5c-4b3c-9a53-0d1b3b6c7a11',
  actor: 'merchant:demo',
};

export const claim = () =>
  jsonEvent({
    id: randomUUID(),
    type: 'TransactionSubmitted.v1',
    data: BODY,
    metadata: METADATA,
  });

/** The same content as a row. */
export const claimRow = (): readonly [string, string, string] => [
  randomUUID(),
  JSON.stringify(BODY),
  JSON.stringify(METADATA),
];
