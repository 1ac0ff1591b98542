import { CommandBus } from '@nestjs/cqrs';
import { IssueApiKey } from '../../src/access/api-keys/issue-api-key.command.js';
import type { UserRole } from '../../src/access/domain/permissions.js';
import { offline } from '../../src/access/acts/security-acts.port.js';
import { Sessions } from '../../src/access/sessions/sessions.js';
import { UserAdministration } from '../../src/access/users/user-administration.js';
import type { Permission } from '../../src/access/requires.decorator.js';
import { RandomSource } from '../../src/kernel/ids.js';
import { AddReceivingAccount } from '../../src/merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../../src/merchants/register-merchant/register-merchant.command.js';
import { apiDocument } from '../../src/platform/http/openapi.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import type { DescribedApi } from '../support/documented-answers.js';
import { routesOf } from '../support/routes-of.js';

/**
 * The table: what each route asks of its caller, written down apart from the code. A route that is missing here fails
 * the first test: decide who may call it, and write it down.
 */
const TABLE: Readonly<Record<string, Permission | 'open'>> = {
  'GET /livez': 'open',
  'GET /readyz': 'open',
  'GET /startupz': 'open',
  'GET /health': 'open',
  'GET /metrics': 'open',
  'GET /problems': 'open',
  'GET /problems/:code': 'open',
  'GET /.well-known/jwks.json': 'open',
  'GET /api/v1/health': 'open',
  'GET /api/v1/health/detailed': 'open',
  'GET /api/v1/health/metrics': 'open',
  'POST /api/v1/auth/login': 'open',
  'POST /api/v1/auth/refresh': 'open',
  'POST /api/v1/auth/register': 'open',
  'GET /api/v1/auth/me': 'self',
  'POST /api/v1/auth/logout': 'self',
  'POST /api/v1/auth/logout-everywhere': 'self',
  'GET /api/v1/auth/sessions': 'self',
  'DELETE /api/v1/auth/sessions/:sessionId': 'self',
  'POST /api/v1/auth/password': 'self',
  'POST /api/v1/auth/totp': 'self',
  'POST /api/v1/auth/totp/confirm': 'self',
  'POST /api/v1/auth/totp/end': 'self',
  'POST /api/v1/auth/totp/recovery-codes': 'self',
  'GET /api/v1/users': 'admin',
  'POST /api/v1/users': 'admin',
  'GET /api/v1/users/:userId': 'admin',
  'PATCH /api/v1/users/:userId': 'admin',
  'POST /api/v1/users/:userId/reset-password': 'admin',
  'POST /api/v1/users/:userId/reset-totp': 'admin',
  'POST /api/v1/users/:userId/end-sessions': 'admin',
  'GET /api/v1/merchants': 'admin',
  'POST /api/v1/merchants': 'admin',
  'GET /api/v1/merchants/:merchantId': 'admin',
  'PATCH /api/v1/merchants/:merchantId': 'admin',
  'GET /api/v1/merchants/:merchantId/accounts': 'admin',
  'POST /api/v1/merchants/:merchantId/accounts': 'admin',
  'GET /api/v1/merchants/:merchantId/accounts/:accountId': 'admin',
  'PATCH /api/v1/merchants/:merchantId/accounts/:accountId': 'admin',
  'GET /api/v1/merchants/:merchantId/api-keys': 'admin',
  'POST /api/v1/merchants/:merchantId/api-keys': 'admin',
  'GET /api/v1/merchants/:merchantId/api-keys/:apiKeyId': 'admin',
  'POST /api/v1/merchants/:merchantId/api-keys/:apiKeyId/revoke': 'admin',
  'POST /api/v1/merchants/:merchantId/api-keys/:apiKeyId/rotate': 'admin',
  'GET /api/v1/bank-credentials': 'admin',
  'POST /api/v1/bank-credentials': 'admin',
  'GET /api/v1/bank-credentials/:credentialId': 'admin',
  'POST /api/v1/bank-credentials/:credentialId/pause': 'admin',
  'POST /api/v1/bank-credentials/:credentialId/resume': 'admin',
  'POST /api/v1/bank-credentials/:credentialId/retire': 'admin',
  'POST /api/v1/bank-credentials/:credentialId/secrets': 'admin',
  'POST /api/v1/bank-credentials/:credentialId/secrets/remove': 'admin',
  'GET /api/v1/bank-credentials/:credentialId/trials/:trialId': 'admin',
  'GET /api/v1/audit': 'admin',
  'POST /api/v1/transactions': 'transactions:write',
  'POST /api/v1/transactions/bulk': 'transactions:write',
  'POST /api/v1/transactions/:id/erase-personal-data': 'admin',
  'GET /api/v1/transactions': 'transactions:read',
  'GET /api/v1/transactions/:id': 'transactions:read',
  'GET /api/v1/transactions/:id/events': 'transactions:read',
  'GET /api/v1/transactions/:id/explain': 'transactions:read',
  'POST /api/v1/transactions/:id/cancel': 'transactions:write',
  'POST /api/v1/transactions/:id/correct': 'transactions:write',
  'POST /api/v1/transactions/:id/verify': 'transactions:write',
  'POST /api/v1/transactions/:id/review': 'transactions:review',
  'POST /api/v1/transactions/:id/reverse': 'transactions:review',
  'POST /api/v1/transactions/:id/reopen': 'transactions:review',
  'GET /api/v1/finance/daily-totals': 'finance:read',
  'GET /api/v1/finance/movements': 'finance:read',
  'GET /api/v1/finance/coverage': 'finance:read',
  'GET /api/v1/finance/exports/transactions': 'finance:read',
  'GET /api/v1/finance/day-close': 'finance:read',
  'POST /api/v1/finance/day-close': 'finance:close',
  'GET /api/v1/finance/day-close/:accountId/:day': 'finance:read',
  'GET /api/v1/finance/day-close/:accountId/:day/:version': 'finance:read',
  'GET /api/v1/webhook-endpoints': 'webhooks:manage',
  'POST /api/v1/webhook-endpoints': 'webhooks:manage',
  'GET /api/v1/webhook-endpoints/:endpointId': 'webhooks:manage',
  'PATCH /api/v1/webhook-endpoints/:endpointId': 'webhooks:manage',
  'DELETE /api/v1/webhook-endpoints/:endpointId': 'webhooks:manage',
  'POST /api/v1/webhook-endpoints/:endpointId/rotate-secret': 'webhooks:manage',
  'POST /api/v1/webhook-endpoints/:endpointId/test': 'webhooks:manage',
  'GET /api/v1/webhook-deliveries': 'webhooks:manage',
  'GET /api/v1/webhook-deliveries/:deliveryId': 'webhooks:manage',
  'POST /api/v1/webhook-deliveries/:deliveryId/replay': 'webhooks:manage',
  'POST /api/v1/webhook-deliveries/replay': 'webhooks:manage',
  'GET /api/v1/stream': 'transactions:read',
  'GET /api/v1/ws': 'transactions:read',
};

/** What each role may do, written down apart from the code as well. */
const ROLES: Readonly<Record<UserRole, readonly Permission[]>> = {
  admin: [
    'self',
    'transactions:read',
    'transactions:review',
    'finance:read',
    'finance:close',
    'webhooks:manage',
    'admin',
  ],
  manager: [
    'self',
    'transactions:read',
    'transactions:review',
    'finance:read',
    'finance:close',
    'webhooks:manage',
  ],
  cashier: ['self', 'transactions:write', 'transactions:read'],
  viewer: ['self', 'transactions:read', 'finance:read'],
};

/** Routes about one claim, with a body that would be taken if the claim were the caller's. */
const ABOUT_A_CLAIM: Readonly<Record<string, { readonly body?: object }>> = {
  'GET /api/v1/transactions/:id': {},
  'GET /api/v1/transactions/:id/events': {},
  'GET /api/v1/transactions/:id/explain': {},
  'POST /api/v1/transactions/:id/cancel': { body: {} },
  'POST /api/v1/transactions/:id/correct': { body: { amount: 5 } },
  'POST /api/v1/transactions/:id/verify': { body: {} },
  'POST /api/v1/transactions/:id/review': { body: { decision: 'reject', reason: 'a test' } },
  'POST /api/v1/transactions/:id/reverse': { body: { reason: 'a test' } },
  'POST /api/v1/transactions/:id/reopen': { body: { reason: 'a test' } },
};

const NOBODY = '11111111-2222-4333-8444-555555555555';

/** Parts of a path that are no ids. */
const OTHER_PARTS: Readonly<Record<string, string>> = { ':day': '2026-01-05', ':version': '1' };

/** The address of something that nobody has. */
const asNobody = (path: string): string =>
  path.replaceAll(/:\w+/g, (part) => OTHER_PARTS[part] ?? NOBODY);

interface TestCaller {
  readonly name: string;
  readonly key: string | undefined;
  readonly permissions: readonly Permission[];
  /** Whose claims it sees; null: everybody's. */
  readonly merchant: 'own' | null;
}

/** Whether the guard let a request pass; what the route made of it is another matter. */
const judged = (status: number): string =>
  status === 401 || status === 403 ? String(status) : 'passes';

const expectedOf = ({ key, permissions }: TestCaller, permission: Permission): string => {
  if (key === undefined) return '401';
  return permissions.includes(permission) ? 'passes' : '403';
};

/** What the document shows as the body of a route; undefined where it takes none. */
const exampleOf = (document: DescribedApi, method: string, path: string): unknown => {
  const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  const [media] = Object.values(operation?.requestBody?.content ?? {});
  return Object.values(media?.examples ?? {})[0]?.value;
};

describe('letting each caller do what the table says', () => {
  let app: TestApp;
  let call: ReturnType<typeof apiCaller>;
  let callers: readonly TestCaller[];
  const claims = { own: '', foreign: '' };
  const merchants = { own: '', foreign: '' };

  const run = <T>(command: object): Promise<T> => app.app.get(CommandBus).execute(command as never);

  const aMerchant = async (number: string): Promise<{ merchantId: string; claim: string }> => {
    const { merchantId } = await run<{ merchantId: string }>(
      new RegisterMerchant({
        merchantId: null,
        name: 'a merchant',
        toleranceUnderMinor: 0n,
        toleranceOverMinor: 0n,
        matchDays: 30,
        registeredBy: 'process:test',
      }),
    );
    const { receivingAccountId } = await run<{ receivingAccountId: string }>(
      new AddReceivingAccount({
        receivingAccountId: null,
        merchantId,
        bank: '0134',
        accountNumber: number,
        credentialId: 'banesco',
        addedBy: 'process:test',
      }),
    );
    const submitted = await call('POST', 'transactions', {
      key: await app.issueKey(['transactions:write'], merchantId),
      body: {
        external_id: 'order-1',
        kind: 'pago_movil',
        receiving_account_id: receivingAccountId,
        origin_bank: '0102',
        reference: '683473078',
        amount: 100,
        currency: 'VES',
        paid_on: '2026-03-10',
        payer: { phone: '04125555555' },
      },
    });
    return { merchantId, claim: String(submitted.body['id']) };
  };

  const aUser = async (
    role: UserRole | null,
    merchantId: string | null,
    totpInUse = true,
  ): Promise<string> => {
    const acting = offline('process:test');
    const userId = app.app.get(RandomSource).uuid();
    const email = `${userId}@example.com`;
    const administration = app.app.get(UserAdministration);
    await administration.create({ userId, email, name: 'Somebody', role, merchantId }, acting);
    await administration.users.inTransaction((tx) =>
      administration.users.change(tx, userId, {
        must_change_password: false,
        ...(totpInUse ? { totp_box: Buffer.alloc(1), totp_confirmed: true } : {}),
      }),
    );
    const beginning = { userId, merchantId, userAgent: null };
    return (await app.app.get(Sessions).begin(beginning, acting)).accessToken;
  };

  const aTestKey = async (): Promise<string> => {
    const { key } = await run<{ key: string }>(
      new IssueApiKey({
        merchantId: merchants.own,
        name: 'test',
        mode: 'test',
        permissions: ['transactions:read', 'transactions:write'],
        expiresAt: null,
        issuedBy: 'process:test',
      }),
    );
    return key;
  };

  beforeAll(async () => {
    app = await TestApp.start({
      environment: { ROLES: 'api,projector', TOTP_REQUIRED_ROLES: 'admin,manager' },
    });
    call = apiCaller(app);
    const own = await aMerchant('01340000890000000001');
    const foreign = await aMerchant('01340000890000000002');
    Object.assign(merchants, { own: own.merchantId, foreign: foreign.merchantId });
    Object.assign(claims, { own: own.claim, foreign: foreign.claim });
    const keyOf = async (permission: Permission): Promise<TestCaller> => ({
      name: `key for ${permission}`,
      key: await app.issueKey([permission], merchants.own),
      permissions: [permission],
      merchant: 'own',
    });
    const userOf = async (role: UserRole, merchant: 'own' | null): Promise<TestCaller> => ({
      name: `${role} of ${merchant === null ? 'the operator' : 'a merchant'}`,
      key: await aUser(role, merchant === null ? null : merchants.own),
      permissions: ROLES[role],
      merchant,
    });
    callers = [
      { name: 'nobody', key: undefined, permissions: [], merchant: null },
      { name: 'no role', key: await aUser(null, null), permissions: ['self'], merchant: null },
      await keyOf('transactions:write'),
      await keyOf('transactions:read'),
      await keyOf('finance:read'),
      await keyOf('webhooks:manage'),
      {
        name: 'key of the operator',
        key: await app.issueKey(['admin', 'transactions:review']),
        permissions: ['admin', 'transactions:review'],
        merchant: null,
      },
      {
        name: 'admin without the second factor that its role demands',
        key: await aUser('admin', null, false),
        permissions: ['self'],
        merchant: null,
      },
      {
        name: 'manager of a merchant without it',
        key: await aUser('manager', merchants.own, false),
        permissions: ['self'],
        merchant: 'own',
      },
      await userOf('admin', null),
      await userOf('manager', null),
      await userOf('viewer', null),
      await userOf('manager', 'own'),
      await userOf('cashier', 'own'),
      await userOf('viewer', 'own'),
    ];
  });

  afterAll(() => app.stop());

  it('names every route and no other', () => {
    expect(routesOf(app.app)).toEqual(Object.keys(TABLE).sort());
  });

  it('lets nobody and no role through where the table does not', async () => {
    const wrong: string[] = [];
    for (const [route, permission] of Object.entries(TABLE)) {
      if (permission === 'open') continue;
      const [method = 'GET', path = ''] = route.split(' ');
      for (const caller of callers) {
        // Sessions must outlive the test, so the two routes that would be granted are asked about elsewhere.
        if (caller.permissions.includes(permission) && path.includes('/logout')) continue;
        // An id that nobody has and no body: who passes is told that, and nothing changes.
        const { status } = await call(method as 'GET', asNobody(path), {
          key: caller.key,
        });
        if (judged(status) !== expectedOf(caller, permission)) {
          wrong.push(`${caller.name}: ${route} answers ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('shows each caller its own claims, and foreign ones as if they were not', async () => {
    const wrong: string[] = [];
    for (const [route, { body }] of Object.entries(ABOUT_A_CLAIM)) {
      const [method = 'GET', path = ''] = route.split(' ');
      const permission = TABLE[route];
      for (const caller of callers) {
        if (!caller.permissions.some((one) => one === permission)) continue;
        const ask = (id: string) =>
          call(method as 'GET', path.replace(':id', id), {
            key: caller.key,
            ...(body === undefined ? {} : { body, headers: { 'if-match': '"0"' } }),
          });
        const foreign = await ask(claims.foreign);
        const own = await ask(claims.own);
        const hidden = caller.merchant === 'own';
        if ((foreign.status === 404) !== hidden)
          wrong.push(`${caller.name}: ${route} foreign ${foreign.status}`);
        if (own.status === 404) wrong.push(`${caller.name}: ${route} own ${own.status}`);
        if (hidden) {
          const none = await ask(NOBODY);
          // Not a word may tell a claim of another merchant from one that is not there.
          expect({ ...foreign.body, request_id: '', instance: '' }).toEqual({
            ...none.body,
            request_id: '',
            instance: '',
          });
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('answers ids that nobody has with 404, on every route that takes one', async () => {
    const wrong: string[] = [];
    const document = apiDocument(app.app, 'http://127.0.0.1:8000') as unknown as DescribedApi;
    for (const [route, permission] of Object.entries(TABLE)) {
      const [method = 'GET', path = ''] = route.split(' ');
      if (permission === 'open' || !path.includes(':')) continue;
      const asking = callers.find(({ permissions }) => permissions.includes(permission));
      const example = exampleOf(document, method, path);
      const { status, body } = await call(method as 'GET', asNobody(path), {
        key: asking?.key,
        ...(example === undefined ? {} : { body: example }),
        headers: { 'if-match': '"1"' },
      });
      if (status !== 404) wrong.push(`${route} answers ${status} ${String(body['code'])}`);
    }
    expect(wrong).toEqual([]);
  });

  it('shows no totals of another merchant, and none to a test key', async () => {
    const key = await app.issueKey(['finance:read'], merchants.own);
    const days = 'from=2026-03-01&to=2026-03-31';
    const totals = (merchantId: string) =>
      call('GET', `finance/daily-totals?${days}&merchant_id=${merchantId}`, { key });
    expect((await totals(merchants.own)).status).toBe(200);
    expect((await totals(merchants.foreign)).status).toBe(404);
    expect((await totals(NOBODY)).status).toBe(404);
  });

  it('shows no live claim to a test key', async () => {
    const key = await aTestKey();
    expect((await call('GET', `transactions/${claims.own}`, { key })).status).toBe(404);
    expect((await call('GET', 'transactions', { key })).body).toMatchObject({ data: [] });
  });
});
