import { sql } from 'kysely';
import type { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import { PostgresGatewayClosures } from '../../src/bank-gateway/permits/postgres-gateway-closures.store.js';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import { InMemoryGatewayClosures } from '../support/in-memory-gateway-closures.js';
import { SharedDatabase } from '../support/shared-database.js';

const refusal = { by: 'process:gateway', reason: 'credentials_refused:invalid_client' };
const pause = { by: 'operator', reason: 'the bank asked for it' };

let database: SharedDatabase;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await SharedDatabase.start();
  connection = database.connect();
});
afterAll(() => database.stop());

describe.each<[string, () => Promise<GatewayClosures>]>([
  ['in memory', () => Promise.resolve(new InMemoryGatewayClosures())],
  [
    'in Postgres',
    async () => {
      await sql`truncate state.gateway_closure, state.gateway_act`.execute(connection.kysely);
      return new PostgresGatewayClosures(connection);
    },
  ],
])('closing the way to a bank, %s', (_, open) => {
  let closures: GatewayClosures;
  beforeEach(async () => (closures = await open()));

  it('finds nothing closed at first', async () => {
    expect(await closures.find('banesco')).toBeNull();
  });

  it('closes one credential and no other', async () => {
    expect(await closures.close('banesco', refusal)).toBe(true);
    expect(await closures.find('banesco')).toMatchObject({ reason: refusal.reason });
    expect(await closures.find('other')).toBeNull();
  });

  it('lets the first reason stand', async () => {
    await closures.close('banesco', refusal);
    expect(await closures.close('banesco', pause)).toBe(false);
    expect(await closures.find('banesco')).toMatchObject({ reason: refusal.reason });
  });

  it('reopens', async () => {
    await closures.close('banesco', refusal);
    expect(await closures.reopen('banesco', pause)).toBe(true);
    expect(await closures.find('banesco')).toBeNull();
    expect(await closures.reopen('banesco', pause)).toBe(false);
  });
});

describe('writing down who closed and reopened the way to a bank', () => {
  it('keeps every act that changed something, with its reason', async () => {
    await sql`truncate state.gateway_closure, state.gateway_act`.execute(connection.kysely);
    const closures = new PostgresGatewayClosures(connection);
    await closures.close('banesco', refusal);
    await closures.close('banesco', pause);
    await closures.reopen('banesco', pause);
    await closures.reopen('banesco', pause);
    const { rows } = await sql`
      select act, done_by, reason from state.gateway_act order by act_id`.execute(
      connection.kysely,
    );
    expect(rows).toEqual([
      { act: 'closed', done_by: 'process:gateway', reason: refusal.reason },
      { act: 'reopened', done_by: 'operator', reason: pause.reason },
    ]);
  });
});
