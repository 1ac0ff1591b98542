import { ActWitnesses } from '../../src/access/acts/act-witnesses.port.js';
import { PostgresSecurityActs } from '../../src/access/acts/postgres-security-acts.store.js';
import { IssueApiKey } from '../../src/access/api-keys/issue-api-key.command.js';
import { IssueApiKeyHandler } from '../../src/access/api-keys/issue-api-key.command-handler.js';
import { ApiKeyStore } from '../../src/access/api-keys/api-key.store.js';
import { matchesHash } from '../../src/access/api-keys/api-key.js';
import { StoredApiKeyDirectory } from '../../src/access/api-keys/stored-api-key-directory.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import { RuleViolation } from '../../src/kernel/rejection.js';
import { AddReceivingAccount } from '../../src/merchants/add-receiving-account/add-receiving-account.command.js';
import { AddReceivingAccountHandler } from '../../src/merchants/add-receiving-account/add-receiving-account.command-handler.js';
import { PagoMovilAccounts } from '../../src/merchants/add-receiving-account/pago-movil-accounts.js';
import { MerchantsConfig } from '../../src/merchants/merchants.config.js';
import { MerchantStore } from '../../src/merchants/merchant.store.js';
import { RegisterMerchant } from '../../src/merchants/register-merchant/register-merchant.command.js';
import { RegisterMerchantHandler } from '../../src/merchants/register-merchant/register-merchant.command-handler.js';
import { StoredMerchantDirectory } from '../../src/merchants/stored-merchant-directory.js';
import { DatabaseConfig } from '../../src/platform/config/config.schema.js';
import { Secret } from '../../src/platform/config/secret.js';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { EveryCredential } from '../support/every-credential.js';
import { freshDatabase, type TestDatabase } from '../support/stores.js';

const MERCHANT = '6f1e2c9a-4d3b-4f6a-8c1e-2b7d9f0a1c3e';
const ACCOUNT = 'b0a1c2d3-e4f5-4a6b-8c7d-9e0f1a2b3c4d';
const THIRD = '0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e';
const NUMBER = '01340000890000000001';

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: unknown) => {
      if (error instanceof RuleViolation) return error.rejection.code;
      throw error;
    },
  );

describe('keeping merchants, accounts and keys in Postgres', () => {
  const clock = new SystemClock();
  const random = new SystemRandomSource();
  const metrics = new Metrics();
  let database: TestDatabase;
  let db: PostgresConnection;

  beforeAll(async () => {
    database = await freshDatabase();
    db = new PostgresConnection(
      { url: database.url, poolSize: 4, onConnectionFailure: () => {} },
      metrics,
    );
  });

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  beforeEach(async () => {
    await db.kysely.deleteFrom('state.api_key').execute();
    await db.kysely.deleteFrom('state.receiving_account').execute();
    await db.kysely.deleteFrom('state.merchant').execute();
  });

  const acts = () => new PostgresSecurityActs(db, clock, random, new ActWitnesses());
  const config = () =>
    new DatabaseConfig({ url: new Secret(database.url), poolSize: 4, outageBridgeMs: 0 });
  const merchants = () =>
    new StoredMerchantDirectory(new MerchantStore(db), clock, metrics, config());

  const merchant = {
    merchantId: MERCHANT,
    name: 'Demo',
    toleranceUnderMinor: 0n,
    toleranceOverMinor: 9_007_199_254_740_993n,
    matchDays: 30,
    registeredBy: 'process:spec',
  };
  const register = (changes: Partial<RegisterMerchant['fields']> = {}) =>
    new RegisterMerchantHandler(new MerchantStore(db), acts(), clock, random).execute(
      new RegisterMerchant({ ...merchant, ...changes }),
    );

  const account = {
    receivingAccountId: ACCOUNT,
    merchantId: MERCHANT,
    bank: '0134',
    accountNumber: NUMBER,
    credentialId: 'banesco',
    addedBy: 'process:spec',
  };
  const addAccount = (
    changes: Partial<AddReceivingAccount['fields']> = {},
    { sharedPagoMovil = false } = {},
  ) =>
    new AddReceivingAccountHandler(
      new PagoMovilAccounts(
        new MerchantStore(db),
        new MerchantsConfig({ sharedPagoMovil }),
        new EveryCredential(),
      ),
      acts(),
      clock,
      random,
    ).execute(new AddReceivingAccount({ ...account, ...changes }));

  const issue = (changes: Partial<IssueApiKey['fields']> = {}) =>
    new IssueApiKeyHandler(new ApiKeyStore(db), acts(), clock, random).execute(
      new IssueApiKey({
        merchantId: MERCHANT,
        name: 'till',
        mode: 'test',
        permissions: ['transactions:write', 'transactions:read'],
        expiresAt: null,
        issuedBy: 'process:spec',
        ...changes,
      }),
    );

  describe('registering a merchant', () => {
    it('keeps every particular, amounts beyond 2^53 too', async () => {
      expect(await register()).toEqual({ merchantId: MERCHANT, created: true });
      const found = await merchants().merchant(MERCHANT);
      expect(found).toEqual({
        merchantId: MERCHANT,
        name: 'Demo',
        suspended: false,
        toleranceUnderMinor: 0n,
        toleranceOverMinor: 9_007_199_254_740_993n,
        matchDays: 30,
      });
    });

    it('changes nothing the second time', async () => {
      await register();
      expect(await register()).toEqual({ merchantId: MERCHANT, created: false });
    });

    it('refuses another merchant under the same id', async () => {
      await register();
      expect(await codeOf(register({ name: 'Other' }))).toBe('merchant_id_taken');
    });

    it.each([
      [{ toleranceUnderMinor: -1n }, 'tolerance_negative'],
      [{ toleranceOverMinor: -1n }, 'tolerance_negative'],
      [{ matchDays: 0 }, 'match_days_out_of_range'],
      [{ matchDays: 366 }, 'match_days_out_of_range'],
      [{ matchDays: 1 }, 'accepted'],
      [{ matchDays: 365 }, 'accepted'],
    ])('answers %o with %s', async (changes, code) => {
      expect(await codeOf(register(changes))).toBe(code);
    });
  });

  describe('adding a receiving account', () => {
    it('keeps it, and changes nothing the second time', async () => {
      await register();
      expect(await addAccount()).toEqual({
        receivingAccountId: ACCOUNT,
        created: true,
        warnings: [],
      });
      expect(await addAccount({ accountNumber: '0134 0000 89 0000000001' })).toMatchObject({
        created: false,
      });
      const directoryOfMerchants = merchants();
      expect(await directoryOfMerchants.receivingAccount(ACCOUNT)).toEqual({
        receivingAccountId: ACCOUNT,
        merchantId: MERCHANT,
        bank: '0134',
        accountNumber: NUMBER,
        credentialId: 'banesco',
        receivesPagoMovil: true,
      });
    });

    it('finds the account again by its number when no id is given', async () => {
      await register();
      await addAccount();
      expect(await addAccount({ receivingAccountId: null })).toEqual({
        receivingAccountId: ACCOUNT,
        created: false,
        warnings: [],
      });
    });

    it('warns of check digits that do not fit and takes the account', async () => {
      await register();
      expect(await addAccount({ accountNumber: '01340000000000000001' })).toMatchObject({
        created: true,
        warnings: ['check_digits_differ'],
      });
    });

    it.each([
      [{ accountNumber: '0134' }, 'account_number_invalid'],
      [{ bank: '0102' }, 'account_of_another_bank'],
      [{ merchantId: ACCOUNT }, 'unknown_merchant'],
    ])('answers %o with %s', async (changes, code) => {
      await register();
      expect(await codeOf(addAccount(changes))).toBe(code);
    });

    it.each([
      ['number under another id', { receivingAccountId: MERCHANT }],
      ['id with another number', { accountNumber: '01340000000000000002' }],
      ['account under another credential', { credentialId: 'other' }],
    ])('refuses the same %s', async (_, changes) => {
      await register();
      await addAccount();
      expect(await codeOf(addAccount(changes))).toBe('receiving_account_taken');
    });

    it('lets one account of a credential receive Pago Móvil: the first', async () => {
      await register();
      await addAccount();
      const next = { receivingAccountId: MERCHANT, accountNumber: '01340000000000000002' };
      const claimed = { ...next, receivesPagoMovil: true };
      expect(await codeOf(addAccount(claimed))).toBe('pago_movil_account_taken');
      await addAccount(next);
      expect(await merchants().receivingAccount(MERCHANT)).toMatchObject({
        receivesPagoMovil: false,
      });
      // Asked again it is what it is, and another credential has a first account of its own.
      expect(await addAccount(next)).toMatchObject({ created: false });
      const third = { receivingAccountId: THIRD, accountNumber: '01340000000000000003' };
      await addAccount({ ...third, credentialId: 'other' });
      expect(await merchants().receivingAccount(THIRD)).toMatchObject({ receivesPagoMovil: true });
    });

    it('lets several receive it where the installation shares them', async () => {
      await register();
      await addAccount();
      const next = { receivingAccountId: MERCHANT, accountNumber: '01340000000000000002' };
      await addAccount(next, { sharedPagoMovil: true });
      expect(await merchants().receivingAccount(MERCHANT)).toMatchObject({
        receivesPagoMovil: true,
      });
    });

    it('lets one of two that come at once receive it', async () => {
      await register();
      const two = ['01340000000000000002', '01340000000000000003'].map((accountNumber) =>
        codeOf(addAccount({ receivingAccountId: null, accountNumber, receivesPagoMovil: true })),
      );
      expect((await Promise.all(two)).sort()).toEqual(['accepted', 'pago_movil_account_taken']);
    });

    it('gives one account to one owner when two come at once', async () => {
      const other = '9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a';
      await register();
      await register({ merchantId: other });
      const outcomes = await Promise.all([
        codeOf(addAccount()),
        codeOf(addAccount({ receivingAccountId: null, merchantId: other })),
      ]);
      expect(outcomes.sort()).toEqual(['accepted', 'receiving_account_taken']);
    });
  });

  describe('issuing a key', () => {
    const keys = () => new StoredApiKeyDirectory(new ApiKeyStore(db), clock, metrics, config());

    it('stores what proves the key and not the key', async () => {
      await register();
      const issued = await issue();
      const known = await keys().find(issued.prefix);
      expect(known?.identity).toEqual({
        actor: `api_key:${issued.apiKeyId}`,
        merchantId: MERCHANT,
        mode: 'test',
        permissions: new Set(['transactions:write', 'transactions:read']),
      });
      expect(matchesHash(issued.key, known?.secretHash ?? Buffer.alloc(0))).toBe(true);
      const rows = await db.kysely.selectFrom('state.api_key').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(issued.key.slice(17));
    });

    it('issues keys of the operator, which belong to no merchant', async () => {
      const issued = await issue({ merchantId: null, permissions: ['admin'] });
      expect((await keys().find(issued.prefix))?.identity.merchantId).toBeNull();
    });

    it.each([
      [{ merchantId: ACCOUNT }, 'unknown_merchant'],
      [{ permissions: [] }, 'no_permissions'],
      [{ expiresAt: new Date(0) }, 'expiry_in_the_past'],
    ])('answers %o with %s', async (changes, code) => {
      await register();
      expect(await codeOf(issue(changes))).toBe(code);
    });

    it('knows no key that was never issued', async () => {
      expect(await keys().find('aaaaaaaa')).toBeNull();
    });
  });
});
