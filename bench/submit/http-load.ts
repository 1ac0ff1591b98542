// Submits claims over HTTP from a process of its own; prints one JSON line.
import { HttpConnection } from './http-connection.js';
import { measure } from './measured.js';

export interface HttpLoad {
  /** Addresses of processes that serve the same; the connections are dealt to them in turn. */
  readonly urls: readonly string[];
  readonly path: string;
  readonly apiKey: string;
  readonly receivingAccountId: string;
  readonly connections: number;
  readonly seconds: number;
  readonly paidOn: string;
  /** References count from here, so that no two rounds submit the same claim. */
  readonly firstReference: number;
  readonly expectedStatus: number;
  /** How many claims go into one request; one goes as it is, more as a bulk. */
  readonly claimsPerRequest: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as HttpLoad;
let reference = load.firstReference;

const one = (): string =>
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

const perRequest = load.claimsPerRequest;
const body = (): string =>
  perRequest === 1
    ? one()
    : `{"transactions":[${Array.from({ length: perRequest }, one).join(',')}]}`;

const refusedSome = (answer: string): boolean =>
  perRequest > 1 && !answer.startsWith(`{"accepted":${perRequest},`);

const urls = load.urls.map((url) => new URL(url));
const connections = await Promise.all(
  Array.from({ length: load.connections }, (_, index) => {
    const url = urls[index % urls.length];
    if (url === undefined) throw new Error('there is no address to submit to');
    return HttpConnection.open(url);
  }),
);
const measured = await measure(
  connections.map((connection) => async () => {
    const answer = await connection.post(load.path, load.apiKey, body());
    return answer.status === load.expectedStatus && !refusedSome(answer.body)
      ? null
      : `${answer.status} ${answer.body.slice(0, 200)}`;
  }),
  load.seconds,
);
const { perSecond, accepted, clientCpuMs } = measured;
const perClaim = {
  ...measured,
  perSecond: perSecond * perRequest,
  accepted: accepted * perRequest,
  clientCpuMs: clientCpuMs / perRequest,
};
connections.forEach((connection) => connection.close());
process.stdout.write(`${JSON.stringify(perClaim)}\n`);
