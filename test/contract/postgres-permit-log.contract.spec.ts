import { sql } from 'kysely';
import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { PostgresPermitLog } from '../../src/bank-gateway/permits/postgres-permit-log.store.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import { up } from '../../src/platform/database/migrations/0003-bank-gateway.js';
import { TestClock } from '../support/test-clock.js';
import { TestDatabase } from '../support/test-database.js';
import { CONTRACT_LIMITS, CREDENTIAL, permitLogContract } from './permit-log.contract.js';

describe('the permit log in Postgres', () => {
  let database: TestDatabase;
  let connection: DatabaseConnection;
  beforeAll(async () => {
    database = await TestDatabase.start(up);
    connection = database.connect();
  });
  afterAll(() => database.stop());

  // Time cannot be moved in Postgres; its records can be moved into the past.
  const age = async (ms: number): Promise<void> => {
    const by = sql`${ms}::float8 * interval '1 millisecond'`;
    await sql`update state.permit set taken_at = taken_at - ${by},
      deadline_at = deadline_at - ${by}, resolved_at = resolved_at - ${by}`.execute(
      connection.kysely,
    );
    await sql`update state.cool_down set until_at = until_at - ${by}`.execute(connection.kysely);
  };
  const open = async (clock = new TestClock()) => {
    await sql`truncate state.permit, state.cool_down`.execute(connection.kysely);
    const limits = new PermitLimitsByCredential(CONTRACT_LIMITS);
    return new PostgresPermitLog(connection, limits, clock, new SystemRandomSource());
  };

  permitLogContract(async () => {
    const clock = new TestClock();
    const elapse = async (ms: number) => {
      clock.advance(ms);
      await age(ms);
    };
    return { log: await open(clock), elapse };
  });

  it('forgets what is older than a day, some with every permit taken', async () => {
    const log = await open();
    await sql`
      insert into state.permit (permit_id, credential_id, operation, taken_at, deadline_at)
      select gen_random_uuid(), ${CREDENTIAL}, 'sweep', at, at
      from (select now() - interval '25 hours' as at from generate_series(1, 30)) as old`.execute(
      connection.kysely,
    );
    const request = { credentialId: CREDENTIAL, operation: 'sweep' as const, transactionId: null };
    await log.tryTake({ ...request, callDeadlineMs: 1000 });
    const { rows } = await sql<{ left: number }>`
      select count(*)::int as left from state.permit`.execute(connection.kysely);
    expect(rows).toEqual([{ left: 11 }]);
  });

  it('gives up on a lock that is not let go, and takes nothing', async () => {
    const log = await open();
    const request = { credentialId: CREDENTIAL, operation: 'sweep' as const, transactionId: null };
    await connection.kysely.transaction().execute(async (holder) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`permit:${CREDENTIAL}`}, 0))`.execute(
        holder,
      );
      await expect(log.tryTake({ ...request, callDeadlineMs: 1000 })).rejects.toMatchObject({
        code: '55P03',
      });
    });
    expect((await log.usage(CREDENTIAL)).used).toBe(0);
  });
});
