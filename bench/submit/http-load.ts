// Submits claims over HTTP from a process of its own; prints one JSON line.
import { HttpConnection } from './http-connection.js';
import { measure } from './measured.js';

export interface HttpLoad {
  readonly url: string;
  readonly path: string;
  readonly apiKey: string;
  readonly receivingAccountId: string;
  readonly connections: number;
  readonly seconds: number;
  readonly paidOn: string;
  /** References count from here, so that no two rounds submit the same claim. */
  readonly firstReference: number;
  readonly expectedStatus: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as HttpLoad;
let reference = load.firstReference;

const claim = (): string =>
  JSON.stringify({
    external_id: `order-${reference}`,
    kind: 'pago_movil',
    receiving_account_id: load.receivingAccountId,
    origin_bank: '0102',
    reference: String((reference += 1)).padStart(12, '0'),
    amount: 124_050,
    currency: 'VES',
    paid_on: load.paidOn,
    payer: { phone: '+584121234567', document: 'V12345678', name: 'Payer of a benchmark' },
  });

const url = new URL(load.url);
const connections = await Promise.all(
  Array.from({ length: load.connections }, () => HttpConnection.open(url)),
);
const measured = await measure(
  connections.map((connection) => async () => {
    const { status, body } = await connection.post(load.path, load.apiKey, claim());
    return status === load.expectedStatus ? null : `${status} ${body.slice(0, 200)}`;
  }),
  load.seconds,
);
connections.forEach((connection) => connection.close());
process.stdout.write(`${JSON.stringify(measured)}\n`);
