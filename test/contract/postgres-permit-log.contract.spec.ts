import { sql } from 'kysely';
import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { PostgresPermitLog } from '../../src/bank-gateway/permits/postgres-permit-log.store.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { DatabaseConnection } from '../../src/platform/database/database.js';
import { TestClock } from '../support/test-clock.js';
import { SharedDatabase } from '../support/shared-database.js';
import { CONTRACT_LIMITS, CREDENTIAL, permitLogContract } from './permit-log.contract.js';

describe('the permit log in Postgres', () => {
  let database: SharedDatabase;
  let connection: DatabaseConnection;
  beforeAll(async () => {
    database = await SharedDatabase.start();
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
    await sql`truncate state.permit, state.cool_down, state.permit_ground`.execute(
      connection.kysely,
    );
    const limits = new PermitLimitsByCredential(CONTRACT_LIMITS);
    return new PostgresPermitLog(connection, limits, clock, new SystemRandomSource());
  };

  permitLogContract(async () => {
    const clock = new TestClock();
    const elapse = async (ms: number) => {
      clock.advance(ms);
      await age(ms);
    };
    // A clock that is set forward makes everything that was written look older.
    return { log: await open(clock), elapse, step: age };
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

  describe('finding itself on another server, after a failover or a restore', () => {
    const request = {
      credentialId: CREDENTIAL,
      operation: 'sweep' as const,
      transactionId: null,
      callDeadlineMs: 1000,
    };
    // A whole window, and before it whatever a call that the old server permitted may last.
    const LONGEST_MS = 60_000 + 10_000 + 1000;

    it('gives no permit until all that the last one gave has left the window', async () => {
      const log = await open();
      await log.tryTake(request);
      await sql`update state.permit_ground set identity = 'another/00000001'`.execute(
        connection.kysely,
      );
      const answer = await log.tryTake(request);
      expect(answer.outcome).toBe('wait');
      await age(LONGEST_MS - 2000);
      expect((await log.tryTake(request)).outcome).toBe('wait');
      await age(2000);
      expect((await log.tryTake(request)).outcome).toBe('taken');
    });

    it('does not wait at the first start, nor at a restart', async () => {
      expect((await (await open()).tryTake(request)).outcome).toBe('taken');
      const limits = new PermitLimitsByCredential(CONTRACT_LIMITS);
      const random = new SystemRandomSource();
      const restarted = new PostgresPermitLog(connection, limits, new TestClock(), random);
      expect((await restarted.tryTake(request)).outcome).toBe('taken');
    });
  });
});
