import { streamText, type LiveMessage } from '../live-message.js';

export const STREAM_DESCRIPTION =
  'Every event has an `id`, the place in the log (opaque; the same as a `Position-Token`, so that a list which is sent ' +
  'it shows what the event tells), an `event`, which is the type of the message, and `data`: the message as JSON, the ' +
  'same as a webhook carries. A client that was cut off sends the last id as `Last-Event-ID` and is told what it ' +
  'missed. `reset` says that this is too long ago, or in another log: read the lists again, then go on. `welcome` comes ' +
  'first, `goodbye` last, with the reason and whether to come again. Comments show that the connection is alive. ' +
  'A merchant is told of its own claims, a test key of test claims, staff of all. ' +
  '`/api/v1/ws` tells the same on a WebSocket; docs/live-updates.md says how.';

const VERIFIED: LiveMessage = {
  position: 46_656n,
  id: 'p1000',
  actor: 'process:verifier',
  message: {
    id: 'msg_0b0c7f3e-7f0a-5f53-8a8b-6c7a3d1e9f10',
    type: 'transaction.verified',
    timestamp: '2026-03-10T14:00:12.345Z',
    data: {
      sequence: 2,
      previous_id: 'msg_5d1c2b7a-3f0e-5a41-9c8d-2e4f6a8b0c1d',
      transaction: {
        id: '7b2f9a34-5c1d-5e86-9f70-1a2b3c4d5e6f',
        merchant_id: '2f1e0d9c-8b7a-4c6d-9e5f-4a3b2c1d0e9f',
        mode: 'live',
        status: 'verified',
        status_reason: null,
        duplicate_of: null,
        external_id: 'order-1',
        kind: 'pago_movil',
        type: 'payment',
        receiving_account_id: '9c8b7a6d-5e4f-4a3b-8c1d-0e9f2f1e0d9c',
        bank: '0134',
        origin_bank: '0102',
        reference: '683473078',
        amount: 124_050,
        currency: 'VES',
        paid_on: '2026-03-10',
        payer: { phone: '*******55', document: null, name: null },
        bank_on: '2026-03-10',
        bank_amount: 124_050,
        amount_difference: 0,
        late: false,
        verified_at: '2026-03-10T14:00:12.345Z',
        match_until: '2026-04-09T14:00:00.000Z',
        submitted_at: '2026-03-10T14:00:00.000Z',
        updated_at: '2026-03-10T14:00:12.345Z',
        version: 5,
      },
    },
  },
};

export const STREAM_EXAMPLES = {
  verdict: {
    summary: 'The beginning, then a verdict',
    value:
      'retry: 2000\n' +
      streamText({ type: 'welcome', id: 'pzzz', data: { retry_ms: 2_000 } }) +
      streamText(VERIFIED),
  },
  reset: {
    summary: 'What was missed is too long ago',
    value: streamText({ type: 'reset', id: 'p1000', data: { reason: 'too_long_ago' } }),
  },
};
