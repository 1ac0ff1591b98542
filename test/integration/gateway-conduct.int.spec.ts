import { sql } from 'kysely';
import type { BankRegistry } from '../../src/bank-gateway/bank-registry.js';
import { PostgresPermitLog } from '../../src/bank-gateway/permits/postgres-permit-log.store.js';
import { type Clock, SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { CREDENTIAL, GatewayUnderTest } from '../support/gateway-under-test.js';
import { SandboxClient } from '../support/sandbox-client.js';
import { SharedDatabase } from '../support/shared-database.js';
import { TestClock } from '../support/test-clock.js';

const WINDOW_MS = 60_000;
// What this test may take on a busy machine.
const LONG_ENOUGH_MS = 15_000;

let database: SharedDatabase;
let bank: SandboxBank;
let client: SandboxClient;
let opened: GatewayUnderTest[];

beforeAll(async () => (database = await SharedDatabase.start()));
afterAll(() => database.stop());

beforeEach(async () => {
  opened = [];
  ({ bank, client } = await SandboxClient.start());
  const { kysely } = database.connect(1);
  await kysely.deleteFrom('state.cool_down').execute();
});

afterEach(async () => {
  opened.forEach((instance) => instance.stop());
  await bank.stop();
});

const instance = (
  variables: Readonly<Record<string, string>> = {},
  clock: Clock = new SystemClock(),
): GatewayUnderTest => {
  const connection = database.connect(2);
  const gateway = new GatewayUnderTest(bank, {
    variables: { BANESCO_LIMIT_WINDOW_MS: String(WINDOW_MS), ...variables },
    permits: ({ limits }: BankRegistry) =>
      new PostgresPermitLog(connection, limits, clock, new SystemRandomSource()),
    clock,
  });
  opened.push(gateway);
  return gateway;
};

/** How long another call of the credential, about another claim, is to wait. */
const waitMs = async ({ permits }: GatewayUnderTest): Promise<number> => {
  const answer = await permits.tryTake({
    credentialId: CREDENTIAL,
    operation: 'look_up',
    transactionId: 'another',
    callDeadlineMs: 0,
  });
  return answer.outcome === 'wait' ? answer.waitMs : 0;
};

describe('obeying a bank that wants to be left alone', () => {
  const limited = (scenario: string) =>
    client.admin('POST', 'faults', { scenario, calls: 1, operation: 'pago_movil' });

  it('waits as long as it says', async () => {
    const gateway = instance();
    await limited('rate-limited');

    expect((await gateway.lookUp()).answer).toEqual({
      outcome: 'rate_limited',
      retryAfterMs: 2_000,
    });
    const { rows } = await sql<{ forMs: number; reason: string }>`
      select extract(epoch from until_at - clock_timestamp())::float8 * 1000 as "forMs", reason
      from state.cool_down`.execute(database.connect(1).kysely);
    expect(rows).toMatchObject([{ reason: 'rate_limited' }]);
    expect(rows[0]?.forMs).toBeLessThanOrEqual(2_000);
  });

  it('believes no wish beyond the cap', async () => {
    const gateway = instance({ BANESCO_RETRY_AFTER_CAP_MS: '1500' });
    await limited('rate-limited');

    expect((await gateway.lookUp()).answer).toEqual({
      outcome: 'rate_limited',
      retryAfterMs: 1_500,
    });
    expect(await waitMs(gateway)).toBeLessThanOrEqual(1_500);
  });

  it('waits a whole window where it names no time: every call, in every instance', async () => {
    const [one, other] = [instance(), instance()];
    await limited('rate-limited-silent');

    await one.lookUp();

    // What was written down holds for whoever comes next, a restarted process included.
    for (const asking of [one, other, instance()]) {
      expect(await waitMs(asking)).toBeGreaterThan(WINDOW_MS - LONG_ENOUGH_MS);
    }
  });
});

describe('skipping maintenance hours', () => {
  const hours = { BANESCO_MAINTENANCE_HOURS: '02:00-06:00' };
  const prepare = ({ gateway }: GatewayUnderTest) =>
    gateway.prepare(CREDENTIAL, new AbortController().signal);

  it('sends nothing, not even for a token, until they are over', async () => {
    const gateway = instance(hours, new TestClock(new Date('2026-03-10T09:59:30.000Z')));

    expect(await prepare(gateway)).toEqual({
      state: 'wait',
      waitMs: 30_000,
      why: 'maintenance_hours',
    });
    expect(await client.state()).toMatchObject({ calls: 0 });
  });

  it('asks at any other time', async () => {
    const gateway = instance(hours, new TestClock(new Date('2026-03-10T10:00:00.000Z')));

    expect(await prepare(gateway)).toEqual({ state: 'ready' });
  });
});
