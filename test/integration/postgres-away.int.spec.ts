import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateToLatest } from '../../src/platform/database/migrator.js';
import { PostgresNode } from '../../src/stand-ins/postgres-node/postgres-node.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';

const PASSWORD = 'lluvia sobre el tejado';

describe('serving while Postgres is stopped and started again', () => {
  it('takes the keys it knows, tells people to come back, and takes both afterwards', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'postgres-away-'));
    let node = await PostgresNode.start({ directory, port: 0, durable: false });
    const { port } = node;
    await migrateToLatest(node.connectionString);
    const app = await TestApp.start({
      environment: {
        ROLES: 'api',
        REGISTRATION_OPEN: 'true',
        DATABASE_URL: node.connectionString,
      },
      migrated: false,
    });
    try {
      const call = apiCaller(app);
      const key = await app.issueKey(['transactions:read']);
      const person = { email: 'ana@example.com', password: PASSWORD };
      await call('POST', 'auth/register', { body: { ...person, name: 'Ana' } });
      const session = await call('POST', 'auth/login', { body: person });
      const token = String(session.body['access_token']);
      // From the log alone: nobody has it, which only those are told who may ask.
      const asked = async (by: string) =>
        (await call('GET', `transactions/${crypto.randomUUID()}`, { key: by })).status;
      const me = async () => (await call('GET', 'auth/me', { key: token })).status;
      expect([await asked(key), await me()]).toEqual([404, 200]);

      await node.stop();
      await eventually(async () => expect(await me()).toBe(503));
      expect(await asked(key)).toBe(404);
      expect(await asked('ck_live_nobody')).not.toBe(404);
      expect((await call('POST', 'auth/login', { body: person })).status).toBe(503);

      node = await PostgresNode.start({ directory, port, durable: false });
      await eventually(async () => (await me()) === 200);
      expect(await asked(key)).toBe(404);
    } finally {
      await app.stop();
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
