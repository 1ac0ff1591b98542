import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { MerchantBackend, type ToldVerdict } from '../../src/cli/local/merchant-backend.js';

const OURS = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const ANOTHER = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

let heard: ToldVerdict[];
let backend: MerchantBackend;

beforeEach(async () => {
  heard = [];
  backend = await MerchantBackend.listen(0, (verdict) => heard.push(verdict));
  backend.trust(OURS);
});

afterEach(() => backend.close());

async function tell(transactionId: string, secret = OURS, id = randomUUID()): Promise<number> {
  const now = new Date();
  const transaction = { id: transactionId, status_reason: null, external_id: 'PED-1' };
  const body = JSON.stringify({ id, type: 'transaction.verified', data: { transaction } });
  const response = await fetch(backend.url, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
  });
  await response.body?.cancel();
  return response.status;
}

describe('hearing of verdicts as a merchant does', () => {
  it('takes a message once, however often it comes', async () => {
    const id = randomUUID();

    expect([await tell('a', OURS, id), await tell('a', OURS, id)]).toEqual([204, 204]);
    expect(heard).toEqual([
      { transactionId: 'a', type: 'transaction.verified', reason: null, externalId: 'PED-1' },
    ]);
  });

  it('believes nothing that somebody else signed', async () => {
    expect(await tell('a', ANOTHER)).toBe(401);
    expect(backend.refused).toBe(1);
    expect(heard).toEqual([]);
  });

  it('puts off what comes before it knows the secret', async () => {
    const stranger = await MerchantBackend.listen(0, (verdict) => heard.push(verdict));
    const response = await fetch(stranger.url, { method: 'POST', body: '{}' });
    await response.body?.cancel();
    await stranger.close();

    expect(response.status).toBe(503);
  });

  it('reads no body without end', async () => {
    const body = 'x'.repeat(65_537);
    const response = await fetch(backend.url, { method: 'POST', body });
    await response.body?.cancel();

    expect(response.status).toBe(413);
  });

  it('counts the transactions it was told of, and waits for those that are still to come', async () => {
    await tell('a');
    expect(await backend.toldOf(['a', 'b'], 0)).toBe(1);

    const both = backend.toldOf(['a', 'b'], 20_000);
    await tell('b');
    expect(await both).toBe(2);
  });
});
