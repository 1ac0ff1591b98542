import { Logger, type LoggerService } from '@nestjs/common';
import { inspect } from 'node:util';
import { aBankClaim, GatewayUnderTest } from '../support/banesco-gateway.js';
import { MisbehavingServer } from '../support/misbehaving-server.js';
import { ACCOUNT, CLIENT_ID, CLIENT_SECRET, SandboxClient } from '../support/sandbox-client.js';

/** Everything that was logged, as fully as it could ever be printed. */
class Collected implements LoggerService {
  readonly lines: string[] = [];
  private readonly collect = (...parts: readonly unknown[]): void => {
    this.lines.push(inspect(parts, { depth: 20, showHidden: true }), JSON.stringify(parts));
  };
  readonly log = this.collect;
  readonly error = this.collect;
  readonly warn = this.collect;
  readonly debug = this.collect;
  readonly verbose = this.collect;
  readonly fatal = this.collect;
}

const CLAIM = aBankClaim({ reference: '00771239845', payerPhone: '+584165550198' });
// Whole values and the forms the wire gives them.
const CANARIES = [
  CLIENT_ID,
  CLIENT_SECRET,
  encodeURIComponent(CLIENT_SECRET),
  Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64'),
  ACCOUNT,
  '00771239845',
  '239845',
  '584165550198',
  '5550198',
  '5841********0198',
  'made-up-token',
  'Bearer',
];

const FAULTS = [
  'plain',
  'token-expired-mid-flight',
  'html',
  'malformed-json',
  'missing-fields',
  'unknown-code',
  'half-answer',
  'reset-after-send',
  'rate-limited',
  'maintenance',
  'huge-body',
  'token-refused',
  'token-client-refused',
  'token-echoes-secret',
];

describe('keeping secrets and personal data out of what operators see', () => {
  const collected = new Collected();
  beforeAll(() => Logger.overrideLogger(collected));
  afterAll(() => Logger.overrideLogger(false));
  let open: { readonly bank: { stop(): Promise<void> } | null; readonly gateway: GatewayUnderTest };
  afterEach(async () => {
    open.gateway.stop();
    await open.bank?.stop();
  });
  const expectNoCanary = async (gateway: GatewayUnderTest) => {
    const seen = [...collected.lines, await gateway.metrics.registry.metrics()].join('\n');
    expect(CANARIES.filter((canary) => seen.includes(canary))).toEqual([]);
  };

  it.each(FAULTS)('leaks nothing when the bank does %s', async (scenario) => {
    const { bank, client } = await SandboxClient.start();
    open = { bank, gateway: new GatewayUnderTest(bank) };
    const row = { account: ACCOUNT, amount_minor: 124_050, reference: '00771239845' };
    await client.admin('POST', 'movements', [
      { ...row, on: '2026-07-10', payer_phone: '+584165550198', payer_bank: '0102' },
    ]);
    await client.admin('POST', 'faults', { scenario, calls: 2 });
    // Both before the first call, which may make the credential cool down.
    for (const permit of [await open.gateway.permit(), await open.gateway.permit()]) {
      await open.gateway.lookUp(CLAIM, { permit });
    }
    expect(collected.lines.join()).toContain('bank attempt');
    await expectNoCanary(open.gateway);
  });

  it('leaks nothing when the bank sends back what it was sent', async () => {
    const server = await MisbehavingServer.start((socket, request) => socket.end(request));
    open = { bank: server, gateway: new GatewayUnderTest(server) };
    await open.gateway.lookUp(CLAIM);
    await expectNoCanary(open.gateway);
  });

  it('leaks nothing when no connection can be had', async () => {
    const url = 'http://127.0.0.1:1';
    const gateway = new GatewayUnderTest({
      url,
      tokenUrl: `${url}/a`,
      transactionsUrl: `${url}/b`,
    });
    await gateway.lookUp(CLAIM);
    await expectNoCanary(gateway);
    gateway.stop();
  });
});
