import { setTimeout as pause } from 'node:timers/promises';
import type { BankRegistry } from '../../src/bank-gateway/bank-registry.js';
import { PostgresGatewayClosures } from '../../src/bank-gateway/permits/postgres-gateway-closures.store.js';
import { PostgresPermitLog } from '../../src/bank-gateway/permits/postgres-permit-log.store.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { aBankClaim, CREDENTIAL, GatewayUnderTest } from '../support/banesco-gateway.js';
import { SandboxClient } from '../support/sandbox-client.js';
import { SharedDatabase } from '../support/shared-database.js';

// The contract of 2 calls a minute in compressed time: 150 ms stand for the minute.
const CALLS = 2;
const WINDOW_MS = 150;
const RUN_MS = 2500;

const variables = {
  BANESCO_LIMIT_CALLS: String(CALLS),
  BANESCO_LIMIT_WINDOW_MS: String(WINDOW_MS),
  BANESCO_LIMIT_MARGIN_MS: '10',
  BANESCO_LIMIT_PER_TRANSACTION_CALLS: String(CALLS),
  BANESCO_TOKEN_LIMIT_CALLS: String(CALLS),
  BANESCO_TIMEOUT_MS: '300',
  BANESCO_HEADERS_TIMEOUT_MS: '200',
  BANESCO_PERMIT_WAIT_MS: '400',
  BANESCO_TOKEN_PAUSE_MS: '20',
  BANESCO_CIRCUIT_OPEN_MS: '100',
};

describe('keeping the contract with a bank that counts strictly', () => {
  let database: SharedDatabase;
  let bank: SandboxBank;
  let client: SandboxClient;
  let opened: GatewayUnderTest[];
  beforeAll(async () => (database = await SharedDatabase.start()));
  afterAll(() => database.stop());
  beforeEach(async () => {
    opened = [];
    ({ bank, client } = await SandboxClient.start({
      limit: { calls: CALLS, windowMs: WINDOW_MS, countTokenCalls: true },
      rules: { tokenSeconds: 2, slowAnswerMs: 1000 },
    }));
  });
  afterEach(async () => {
    opened.forEach((instance) => instance.stop());
    await bank.stop();
  });

  const openInstance = (): GatewayUnderTest => {
    const connection = database.connect();
    const instance = new GatewayUnderTest(bank, {
      variables,
      permits: ({ limits }: BankRegistry) =>
        new PostgresPermitLog(connection, limits, new SystemClock(), new SystemRandomSource()),
      closures: new PostgresGatewayClosures(connection),
    });
    opened.push(instance);
    return instance;
  };

  /** An instance's worker: asks as often as it may, about ever new claims. */
  const work = async (instance: GatewayUnderTest, name: number, untilMs: number): Promise<void> => {
    const { gateway, permits } = instance;
    const { signal } = new AbortController();
    for (let ask = 0; performance.now() < untilMs; ask += 1) {
      // A short round, so that the instances race for every permit that frees.
      await pause(5);
      if ((await gateway.prepare(CREDENTIAL, signal)).state !== 'ready') continue;
      const answer = await permits.tryTake({
        credentialId: CREDENTIAL,
        operation: 'look_up',
        transactionId: `${name}-${ask}`,
        callDeadlineMs: gateway.capabilities('0134').callDeadlineMs,
      });
      if (answer.outcome === 'taken') {
        const claim = aBankClaim({ reference: `80${name}00${String(ask).padStart(6, '0')}` });
        await instance.lookUp(claim, { permit: answer.permit, transactionId: `${name}-${ask}` });
      }
    }
  };
  const counted = async () => {
    const { calls, breaches, token_calls: tokens } = await client.state();
    return { calls: Number(calls), breaches: Number(breaches), tokens: Number(tokens) };
  };

  it('makes not one call too many with three instances at once', async () => {
    const instances = [openInstance(), openInstance(), openInstance()];
    const untilMs = performance.now() + RUN_MS;
    await Promise.all(instances.map((instance, name) => work(instance, name, untilMs)));
    const { calls, breaches, tokens } = await counted();
    expect(breaches).toBe(0);
    expect(tokens).toBeGreaterThan(0);
    // The contract is used too: some of it is lost to tokens, time-outs and the margin.
    expect(calls).toBeGreaterThan((RUN_MS / WINDOW_MS) * CALLS * 0.2);
  });

  it('makes not one call too many when the bank fails in every way', async () => {
    const faults = ['slow-answer', 'reset-after-send', 'token-expired-mid-flight', 'unavailable'];
    for (const scenario of [...faults, 'half-answer', 'rate-limited-silent', ...faults]) {
      await client.admin('POST', 'faults', { scenario, calls: 1 });
    }
    const instances = [openInstance(), openInstance()];
    const untilMs = performance.now() + RUN_MS;
    await Promise.all(instances.map((instance, name) => work(instance, name, untilMs)));
    expect((await counted()).breaches).toBe(0);
  });

  it('makes not one call too many over a crash loop', async () => {
    const untilMs = performance.now() + RUN_MS;
    for (let crash = 0; performance.now() < untilMs; crash += 1) {
      // An instance that is gone after a few calls leaves its permits unresolved, and its memory with it.
      const instance = openInstance();
      await work(instance, crash, Math.min(untilMs, performance.now() + 200));
      instance.stop();
    }
    const { calls, breaches } = await counted();
    expect(breaches).toBe(0);
    expect(calls).toBeGreaterThan(3);
  });
});
