import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { aBankClaim, GatewayUnderTest } from '../support/banesco-gateway.js';
import { SandboxClient } from '../support/sandbox-client.js';
import { TestClock } from '../support/test-clock.js';

const PARALLEL = 50;
const variables = { BANESCO_MAX_CONCURRENT: String(PARALLEL), BANESCO_TIMEOUT_MS: '10000' };

describe('losing the access token under 50 calls at once', () => {
  let bank: SandboxBank;
  let client: SandboxClient;
  let clock: TestClock;
  let gateway: GatewayUnderTest;
  beforeEach(async () => {
    ({ bank, client } = await SandboxClient.start());
    clock = new TestClock();
    gateway = new GatewayUnderTest(bank, { variables, clock });
    await gateway.lookUp();
  });
  afterEach(async () => {
    gateway.stop();
    await bank.stop();
  });

  const lookUpAll = async () => {
    const asks = Array.from({ length: PARALLEL }, (_, index) =>
      gateway.lookUp(aBankClaim({ reference: `7000${String(index).padStart(4, '0')}` })),
    );
    return (await Promise.all(asks)).map(({ answer }) => answer.outcome);
  };
  const tokenCalls = async () => (await client.state())['token_calls'];
  const allAnswered = Array.from({ length: PARALLEL }, () => 'not_visible_yet');

  it('makes one token call when it has run out by our clock', async () => {
    clock.advance(300_000);
    expect(await lookUpAll()).toEqual(allAnswered);
    expect(await tokenCalls()).toBe(2);
  });

  it('makes one token call when it has run out at the bank alone', async () => {
    await client.admin('POST', 'clock', { advance_seconds: 301 });
    expect(await lookUpAll()).toEqual(allAnswered);
    expect(await tokenCalls()).toBe(2);
  });

  it('makes one token call for many who prepare at once', async () => {
    clock.advance(250_000);
    const { signal } = new AbortController();
    await Promise.all(
      Array.from({ length: PARALLEL }, () => gateway.gateway.prepare('banesco', signal)),
    );
    expect(await tokenCalls()).toBe(2);
  });

  it('makes no second one while the refused client waits for a person', async () => {
    clock.advance(300_000);
    await client.admin('POST', 'faults', {
      scenario: 'token-client-refused',
      calls: 1,
      operation: 'token',
    });
    const outcomes = new Set(await lookUpAll());
    expect(outcomes).toEqual(new Set(['credentials_refused']));
    expect(await tokenCalls()).toBe(2);
    await lookUpAll();
    expect(await tokenCalls()).toBe(2);
  });
});
