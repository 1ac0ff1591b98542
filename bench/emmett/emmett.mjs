// Emmett's own PostgreSQL projections over the events of bench:rebuild, as its documentation writes them: one document
// per stream and read model. `schema <address>` makes its tables, `rebuild <address>` rebuilds and prints the time.
import {
  getPostgreSQLEventStore,
  pongoSingleStreamProjection,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql';

const [, , task, connectionString] = process.argv;

const TYPES = [
  'TransactionSubmitted.v1',
  'AskStarted.v1',
  'AskAnswered.v1',
  'TransactionVerified.v1',
];

/** What the list of transactions shows of a payment. */
const view = (row, { type, data }) => {
  switch (type) {
    case 'TransactionSubmitted.v1': {
      const { payer, ...claim } = data;
      const { phoneMask, documentMask, nameMask } = payer;
      return { ...claim, phoneMask, documentMask, nameMask, status: 'pending' };
    }
    case 'TransactionVerified.v1':
      return {
        ...row,
        status: 'verified',
        bankOn: data.bankOn,
        bankAmountMinor: data.bankAmountMinor,
        amountDifferenceMinor: data.amountDifferenceMinor,
        late: data.late,
        verifiedAt: data.verifiedAt,
        movementKey: data.movementKey,
      };
    default:
      return { ...row, asks: (row?.asks ?? 0) + (type === 'AskStarted.v1' ? 1 : 0) };
  }
};

/** What a payment adds to the totals of a day. The totals themselves are left out here. */
const entry = (row, { type, data }) => {
  if (type === 'TransactionSubmitted.v1') {
    const { transactionId, merchantId, currency, paidOn, amountMinor } = data;
    return { transactionId, merchantId, currency, day: paidOn, amountMinor, status: 'pending' };
  }
  return type === 'TransactionVerified.v1'
    ? { ...row, status: 'verified', day: data.bankOn, bankMinor: data.bankAmountMinor }
    : row;
};

/** What the verifier looks for: the claim, the open ask, when the bank is asked next. */
const queue = (row, { type, data }) => {
  switch (type) {
    case 'TransactionSubmitted.v1':
      return { claim: data, standing: 'pending', openAsk: null, asks: [] };
    case 'AskStarted.v1':
      return { ...row, openAsk: data };
    case 'AskAnswered.v1':
      return { ...row, openAsk: null, asks: [...row.asks, { outcome: data.outcome }] };
    default:
      return { ...row, standing: 'settled' };
  }
};

const projection = (collectionName, evolve) =>
  pongoSingleStreamProjection({ collectionName, canHandle: TYPES, evolve });

if (task === 'schema') {
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  await store.close();
} else {
  const consumer = rebuildPostgreSQLProjections({
    connectionString,
    pulling: { batchSize: 1_000 },
    projections: [
      projection('transaction_view', view),
      projection('daily_total_entry', entry),
      projection('verification_queue', queue),
    ],
  });
  const began = performance.now();
  await consumer.start();
  const seconds = (performance.now() - began) / 1_000;
  await consumer.close();
  console.log(JSON.stringify({ seconds }));
}
process.exit(0);
