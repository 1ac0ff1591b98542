import { createClient } from '../../clients/typescript/src/client/index.js';
import {
  addReceivingAccount,
  cancelTransaction,
  getTransaction,
  issueApiKey,
  listTransactions,
  registerMerchant,
  submitTransaction,
} from '../../clients/typescript/src/index.js';
import { TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

describe('doing the main job with the generated client', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { ROLES: 'api,projector' } });
  });

  afterAll(() => app.stop());

  const clientWith = (auth: string) => createClient({ baseUrl: app.url, auth });
  const once = (key: string) => ({ 'Idempotency-Key': key });

  it('sets a merchant up, submits a claim, finds it and withdraws it', async () => {
    const admin = clientWith(await app.issueKey(['admin']));
    const merchant = await registerMerchant({
      client: admin,
      headers: once('m'),
      body: { name: 'a merchant' },
    });
    const merchantId = merchant.data?.id ?? '';
    const account = await addReceivingAccount({
      client: admin,
      path: { merchantId },
      headers: once('a'),
      body: { bank: '0134', account_number: '01340000890000000001', credential_id: 'banesco' },
    });
    const issued = await issueApiKey({
      client: admin,
      path: { merchantId },
      headers: once('k'),
      body: {
        name: 'till',
        mode: 'live',
        permissions: ['transactions:write', 'transactions:read'],
      },
    });
    const client = clientWith(issued.data?.key ?? '');

    const submitted = await submitTransaction({
      client,
      body: {
        external_id: 'order-1',
        kind: 'pago_movil',
        receiving_account_id: account.data?.id ?? '',
        origin_bank: '0102',
        reference: '683473078',
        amount: 124_050,
        currency: 'VES',
        paid_on: '2026-03-10',
        payer: { phone: '0412-5555555' },
      },
    });
    expect(submitted.error).toBeUndefined();
    expect(submitted.data).toMatchObject({ status: 'pending', amount: 124_050 });
    const id = submitted.data?.id ?? '';
    expect((await getTransaction({ client, path: { id } })).data?.id).toBe(id);
    await eventually(async () =>
      (await listTransactions({ client })).data?.data.some((one) => one.id === id),
    );
    const cancelled = await cancelTransaction({
      client,
      path: { id },
      headers: once('c'),
      body: {},
    });
    expect(cancelled.data?.status).toBe('cancelled');
  });

  it('hands over problems as they are, without throwing', async () => {
    const { data, error, response } = await listTransactions({ client: clientWith('nonsense') });
    expect(data).toBeUndefined();
    expect(error).toMatchObject({ code: 'not_authenticated', status: 401 });
    expect(response?.status).toBe(401);
  });
});
