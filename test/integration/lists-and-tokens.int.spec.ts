import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { Client } from 'pg';
import { actContextOf } from '../../src/access/acts/act-context.decorator.js';
import { apiDocument } from '../../src/platform/http/openapi.js';
import { writePositionToken } from '../../src/platform/http/position-token.js';
import { answeredContextOf } from '../../src/platform/http/request-context.decorator.js';
import { EventStore } from '../../src/platform/event-store/event-store.js';
import { closeStream } from '../../src/finance/domain/day-close.js';
import { aDayClosed } from '../support/a-day-close.js';
import { anId } from '../support/a-transaction.js';
import { recordedIn } from '../support/recorded.js';
import { apiCaller, type Answered } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';

interface Operation {
  readonly 'x-read-your-writes'?: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface ListRoute {
  readonly path: string;
  readonly reads: string | undefined;
}

const EMAIL = 'somebody@example.com';
const PASSWORD = 'eleven turnips under 3 bridges';

let app: TestApp;
let postgres: Client;
let lists: readonly ListRoute[];
let merchantId: string;
let accountId: string;
let operator: string;
let cashier: string;
let call: ReturnType<typeof apiCaller>;
let references = 400_000_000;

const tokenOf = ({ headers }: Answered<unknown>): string => String(headers['position-token']);
const idOf = ({ body }: Answered): string => String(body['id']);

/** Every GET whose answer is an object with a list `data`, as the document of the API describes it. */
function listRoutes(): readonly ListRoute[] {
  const document = apiDocument(app.app, 'http://127.0.0.1');
  const schemas = (document.components?.schemas ?? {}) as Record<string, object>;
  const resolved = (schema: object): { properties?: Record<string, { type?: unknown }> } =>
    '$ref' in schema ? (schemas[String(schema.$ref).split('/').at(-1) ?? ''] ?? {}) : schema;
  return Object.entries(document.paths).flatMap(([path, { get }]) => {
    const operation = get as unknown as Operation | undefined;
    const schema = operation?.responses['200']?.content?.['application/json']?.schema;
    if (schema === undefined || resolved(schema).properties?.['data']?.type !== 'array') return [];
    return [{ path, reads: operation?.['x-read-your-writes'] }];
  });
}

const read = (
  path: string,
  token: string,
): Promise<Answered<{ data: Record<string, unknown>[] }>> => {
  const at = path
    .replace('{merchantId}', merchantId)
    .replace('{id}', claimId)
    .concat(path.endsWith('daily-totals') ? '?from=2026-01-05&to=2026-01-05' : '');
  return call('GET', at, {
    key: path.includes('sessions') ? signedIn : operator,
    headers: { 'position-token': token },
  });
};

let claimId: string;
let signedIn: string;

const aClaim = (): object => {
  references += 1;
  return {
    external_id: `order-${references}`,
    kind: 'pago_movil',
    receiving_account_id: accountId,
    origin_bank: '0102',
    reference: String(references),
    amount: 12_050,
    currency: 'VES',
    paid_on: '2026-01-05',
    payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
  };
};

const submit = (): Promise<Answered> =>
  call('POST', 'transactions', { key: cashier, body: aClaim() });

const addUser = (email: string): Promise<Answered> =>
  call('POST', 'users', {
    key: operator,
    body: { email, name: 'Somebody', role: 'cashier', merchant_id: merchantId },
  });

const signIn = async (password: string): Promise<string> => {
  const { body } = await call('POST', 'auth/login', { body: { email: EMAIL, password } });
  return String(body['access_token']);
};

const registerMerchant = (): Promise<Answered> =>
  call('POST', 'merchants', {
    key: operator,
    body: { name: 'A merchant', tolerance: { under: 0, over: 0 }, match_days: 30 },
  });

beforeAll(async () => {
  app = await TestApp.start({ environment: { ROLES: 'api,projector' } });
  postgres = new Client({ connectionString: app.database.url });
  await postgres.connect();
  call = apiCaller(app);
  operator = await app.issueKey([
    'admin',
    'transactions:read',
    'transactions:review',
    'finance:read',
    'webhooks:manage',
  ]);
  merchantId = idOf(await registerMerchant());
  accountId = idOf(
    await call('POST', `merchants/${merchantId}/accounts`, {
      key: operator,
      body: { bank: '0134', account_number: '01340000000000000017', credential_id: 'banesco' },
    }),
  );
  cashier = await app.issueKey(['transactions:write', 'transactions:read'], merchantId);
  claimId = idOf(await submit());
  const { body: made } = await addUser(EMAIL);
  const first = await signIn(String(made['temporary_password']));
  const changed = await call('POST', 'auth/password', {
    key: first,
    body: { current_password: made['temporary_password'], new_password: PASSWORD },
  });
  expect(changed.status).toBe(204);
  signedIn = await signIn(PASSWORD);
  lists = listRoutes();
});

afterAll(async () => {
  await postgres.end();
  await app.stop();
});

const waiting = (): readonly ListRoute[] => lists.filter(({ reads }) => reads === 'position-token');
const immediate = (): readonly ListRoute[] => lists.filter(({ reads }) => reads === 'immediate');
const named = (answer: Answered): { id: string; token: string } => ({
  id: idOf(answer),
  token: tokenOf(answer),
});

/** Of two writes the one that a list shows. */
function ofIts(path: string, written: { claim: string; act: string; close: string }): string {
  if (path.endsWith('/audit')) return written.act;
  return path.endsWith('/day-close') ? written.close : written.claim;
}

/** Closes a day in the log itself: the route reads figures first, from rows that must not move here. */
const closeDay = async (): Promise<string> => {
  const close = aDayClosed({ receivingAccountId: anId(`account ${(references += 1)}`) });
  const stream = closeStream(close.data.receivingAccountId, close.data.day);
  const store = app.app.get(EventStore);
  await recordedIn(store, stream, [close]);
  const [written] = await store.readStream(stream);
  return writePositionToken({ position: written?.position ?? 0n });
};

/** Lets no read model go any further while the work is done. */
async function whileNothingIsApplied<T>(work: () => Promise<T>): Promise<T> {
  await postgres.query('begin');
  try {
    await postgres.query('select from read.projection_checkpoint for update');
    return await work();
  } finally {
    await postgres.query('rollback');
  }
}

describe('telling how a list is read', () => {
  it('is done for every list that the API has', () => {
    expect(lists.filter(({ reads }) => reads === undefined)).toEqual([]);
    expect(waiting().length).toBeGreaterThanOrEqual(3);
    expect(immediate().length).toBeGreaterThanOrEqual(6);
  });
});

describe('reading a list of a read model with the token of a write', () => {
  it('refuses what is no token, and a place that the log never reached', async () => {
    const answers = await Promise.all(
      waiting().map(async ({ path }) => {
        const never = await read(path, writePositionToken({ position: 2n ** 62n }));
        return [(await read(path, 'yesterday')).status, never.status, never.body];
      }),
    );

    for (const answer of answers) {
      expect(answer).toEqual([422, 409, expect.objectContaining({ code: 'read_model_behind' })]);
    }
  });

  it('waits, and says how far behind the list is when it does not come in time', async () => {
    const { behind, tokens } = await whileNothingIsApplied(async () => {
      const written = {
        claim: tokenOf(await submit()),
        act: tokenOf(await registerMerchant()),
        close: await closeDay(),
      };
      const answers = waiting().map(({ path }) => read(path, ofIts(path, written)));
      return { behind: await Promise.all(answers), tokens: written };
    });

    for (const { status, body, headers } of behind) {
      expect([status, headers['retry-after']]).toEqual([409, '1']);
      expect(body).toMatchObject({ code: 'read_model_behind', position_token: expect.any(String) });
      // How old exactly is shown with a clock that is given: the machine's own may step while this waits.
      expect((body as unknown as { behind_seconds: number }).behind_seconds).toBeGreaterThan(0);
    }
    for (const { path } of waiting()) {
      expect([path, (await read(path, ofIts(path, tokens))).status]).toEqual([path, 200]);
    }
  });

  it('shows a claim in the list and an act in the audit at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [claim, merchant] = await Promise.all([submit(), registerMerchant()]);
      const listed = await read('/api/v1/transactions', tokenOf(claim));
      const audit = await read('/api/v1/audit', tokenOf(merchant));

      expect(listed.body.data[0]).toMatchObject({ id: idOf(claim) });
      expect(audit.body.data.map(({ subject }) => subject)).toContain(`merchant:${idOf(merchant)}`);
    }
  });

  it('does not wait for what the list would never show', async () => {
    await whileNothingIsApplied(async () => {
      const written = { claim: tokenOf(await submit()), act: tokenOf(await registerMerchant()) };
      const began = performance.now();
      const audit = await read('/api/v1/audit', written.claim);

      expect(audit.status).toBe(200);
      expect(performance.now() - began).toBeLessThan(1_500);
    });
    const late = tokenOf(await registerMerchant());
    expect((await read('/api/v1/transactions', late)).status).toBe(200);
  });
});

describe('reading a list that is written with the change itself', () => {
  it('shows the write without waiting, whatever follows the log', async () => {
    await whileNothingIsApplied(async () => {
      for (const { path } of immediate()) {
        const write = WRITES[path];
        // A new list of this kind: say below how something gets into it.
        if (write === undefined) throw new Error(`nothing is known to write ${path}`);
        const { id, token } = await write();
        const { status, body } = await read(path, token);
        expect([path, status]).toEqual([path, 200]);
        expect([path, JSON.stringify(body.data)]).toEqual([path, expect.stringContaining(id)]);
      }
    });
  });

  const WRITES: Readonly<Record<string, () => Promise<{ id: string; token: string }>>> = {
    '/api/v1/merchants': async () => named(await registerMerchant()),
    '/api/v1/users': async () => named(await addUser('another@example.com')),
    '/api/v1/auth/sessions': async () => {
      const opened = await call('POST', 'auth/login', {
        body: { email: EMAIL, password: PASSWORD },
      });
      const claims = String(opened.body['access_token']).split('.')[1] ?? '';
      const { sid } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
        sid: string;
      };
      return { id: sid, token: tokenOf(opened) };
    },
    '/api/v1/bank-credentials': async () => {
      const path = 'bank-credentials/banesco';
      const { body } = await call('GET', path, { key: operator });
      const reason = 'paused to be seen in the list';
      const paused = await call('POST', `${path}/pause`, {
        key: operator,
        body: { reason },
        headers: { 'if-match': `"${String(body['version'])}"` },
      });
      return { id: reason, token: tokenOf(paused) };
    },
    '/api/v1/merchants/{merchantId}/accounts': async () =>
      named(
        await call('POST', `merchants/${merchantId}/accounts`, {
          key: operator,
          body: { bank: '0134', account_number: '01340000000000000025', credential_id: 'banesco' },
        }),
      ),
    '/api/v1/webhook-endpoints': async () =>
      named(
        await call('POST', 'webhook-endpoints', {
          key: operator,
          body: { merchant_id: merchantId, url: 'https://shop.example/hooks' },
        }),
      ),
    '/api/v1/merchants/{merchantId}/api-keys': async () =>
      named(
        await call('POST', `merchants/${merchantId}/api-keys`, {
          key: operator,
          body: { name: 'till', mode: 'live', permissions: ['transactions:read'] },
        }),
      ),
    '/api/v1/transactions/{id}/events': async () => ({
      id: 'transaction.cancelled',
      token: tokenOf(
        await call('POST', `transactions/${claimId}/cancel`, { key: cashier, body: {} }),
      ),
    }),
  };
});

describe('answering a write', () => {
  it('names what was written, whatever was written', async () => {
    const claim = idOf(await submit());
    const user = idOf(await addUser('third@example.com'));
    const keyId = idOf(
      await call('POST', `merchants/${merchantId}/api-keys`, {
        key: operator,
        body: { name: 'door', mode: 'live', permissions: ['transactions:read'] },
      }),
    );
    const keys = `merchants/${merchantId}/api-keys/${keyId}`;
    const seen = { 'if-match': '"0"' };
    const answers: Record<string, Answered> = {
      correct: await call('POST', `transactions/${claim}/correct`, {
        key: cashier,
        body: { amount: 5, reason: 'mistyped' },
        headers: seen,
      }),
      hurry: await call('POST', `transactions/${claim}/verify`, { key: cashier, body: {} }),
      bulk: await call('POST', 'transactions/bulk', {
        key: cashier,
        body: { transactions: [aClaim()] },
      }),
      cancel: await call('POST', `transactions/${claim}/cancel`, { key: cashier, body: {} }),
      erase: await call('POST', `transactions/${claim}/erase-personal-data`, {
        key: operator,
        body: { reason: 'asked for' },
      }),
      rotate: await call('POST', `${keys}/rotate`, { key: operator, body: {} }),
      revoke: await call('POST', `${keys}/revoke`, { key: operator, body: {} }),
      reset: await call('POST', `users/${user}/reset-password`, { key: operator, body: {} }),
      leave: await call('POST', 'auth/logout', { key: signedIn, body: {} }),
    };

    for (const [name, { status, headers }] of Object.entries(answers)) {
      expect([name, status < 300, headers['position-token']]).toEqual([
        name,
        true,
        expect.stringMatching(/^[pq][0-9a-z]+$/),
      ]);
    }
  });

  it('is prepared by every route that changes anything', () => {
    const silent = changingHandlers().filter(
      ({ factories }) =>
        !factories.some((each) => each === actContextOf || each === answeredContextOf),
    );

    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

/** Every handler of a route that is no GET, and what makes its parameters. */
function changingHandlers(): readonly {
  readonly name: string;
  readonly factories: readonly unknown[];
}[] {
  const controllers = [...app.app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? [metatype] : [],
    ),
  );
  return [...new Set(controllers)].flatMap((controller) => {
    const prototype = controller.prototype as Readonly<Record<string, object>>;
    return new MetadataScanner().getAllMethodNames(prototype).flatMap((method) => {
      const verb = Reflect.getMetadata(METHOD_METADATA, prototype[method] ?? {}) as unknown;
      if (verb === undefined || verb === RequestMethod.GET) return [];
      const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
        string,
        { readonly factory?: unknown }
      >;
      const factories = Object.values(args).map(({ factory }) => factory);
      return [{ name: `${controller.name}.${method}`, factories }];
    });
  });
}
