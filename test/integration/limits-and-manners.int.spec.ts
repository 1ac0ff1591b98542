import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';

describe('keeping callers within their limits', () => {
  let app: TestApp;
  let call: ReturnType<typeof apiCaller>;

  beforeAll(async () => {
    app = await TestApp.start({
      environment: {
        ROLES: 'api',
        RATE_LIMIT_DEFAULT: '5/3600',
        RATE_LIMIT_LOGIN: '2/3600',
        RATE_LIMIT_REGISTER: '1/3600',
        CORS_ORIGINS: 'https://backoffice.example.com',
        PUBLIC_URL: 'https://api.example.com',
        TRUSTED_PROXIES: '10.0.0.0/8',
      },
    });
    call = apiCaller(app);
  });

  afterAll(() => app.stop());

  it('tells what is left, and refuses what is too much with the time to wait', async () => {
    const key = await app.issueKey(['transactions:read']);
    const answers = [];
    for (let at = 0; at < 6; at += 1) answers.push(await call('GET', 'transactions', { key }));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers).toMatchObject({
      'ratelimit-policy': '"default";q=5;w=3600',
      ratelimit: expect.stringMatching(/^"default";r=4;t=\d+$/),
    });
    const last = answers.at(-1);
    expect(last?.body).toMatchObject({
      code: 'quota_exceeded',
      'violated-policies': ['default'],
      retryable: true,
    });
    expect(last?.headers['retry-after']).toMatch(/^\d+$/);
    const other = await app.issueKey(['transactions:read']);
    expect((await call('GET', 'transactions', { key: other })).status).toBe(200);
  });

  it('counts strangers by their network, and believes only the proxy that it was told of', async () => {
    const stranger = (remoteAddress: string, forwarded: string) =>
      app.app.inject({
        method: 'GET',
        url: '/api/v1/transactions',
        remoteAddress,
        headers: { 'x-forwarded-for': forwarded },
      });
    const statuses = [];
    for (let at = 0; at < 6; at += 1) {
      statuses.push((await stranger('198.51.100.9', `203.0.113.${at}`)).statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await stranger('10.1.2.3', '203.0.113.77')).statusCode).toBe(401);
    expect((await stranger('10.1.2.3', '198.51.100.9')).statusCode).toBe(429);
  });

  it('counts sign-ins and registrations apart, and never probes', async () => {
    const body = { email: 'nobody@example.com', password: 'nothing like it' };
    const login = async () => (await call('POST', 'auth/login', { body })).status;
    expect([await login(), await login(), await login()]).toEqual([401, 401, 429]);
    const registering = { ...body, name: 'Nobody' };
    const register = async () =>
      (await call('POST', 'auth/register', { body: registering })).status;
    expect([await register(), await register()]).toEqual([403, 429]);
    for (let at = 0; at < 8; at += 1) expect((await call('GET', '/livez')).status).toBe(200);
  });

  it.each([
    ['DELETE', '/api/v1/transactions', 'GET, HEAD, POST'],
    ['PUT', '/api/v1/auth/login', 'POST'],
    ['POST', '/livez', 'GET, HEAD'],
  ] as const)('answers %s on %s with the methods that are there', async (method, path, allow) => {
    const answer = await call(method, path);
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers['allow']).toBe(allow);
  });

  it('still knows no address that is not there', async () => {
    expect(await call('GET', 'nowhere')).toMatchObject({
      status: 404,
      body: { code: 'route_not_found' },
    });
  });

  it('tells browsers to do nothing with an answer, and to come by TLS', async () => {
    for (const path of ['/livez', 'nowhere']) {
      expect((await call('GET', path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy':
          "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        'cache-control': 'no-store',
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
      });
    }
  });

  it.each([
    ['https://backoffice.example.com', 'https://backoffice.example.com'],
    ['https://backoffice.example.com.evil.example', undefined],
    ['null', undefined],
  ])('lets a page of %s call: %s', async (origin, allowed) => {
    const { headers } = await app.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/auth/login',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(headers['access-control-allow-origin']).toBe(allowed);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });
});
