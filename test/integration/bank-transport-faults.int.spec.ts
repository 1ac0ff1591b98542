import { gzipSync } from 'node:zlib';
import { eventually } from '../support/eventually.js';
import { type Addresses, GatewayUnderTest } from '../support/gateway-under-test.js';
import {
  httpAnswer,
  type Misbehaviour,
  MisbehavingServer,
  NOTHING_FOUND,
} from '../support/misbehaving-server.js';

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** One byte every 20 ms: each in time, the whole never. */
const drip =
  (before: string, bytes: string): Misbehaviour =>
  (socket) => {
    socket.write(before);
    const dripping = setInterval(() => socket.write(bytes), 20);
    socket.on('close', () => clearInterval(dripping));
  };

describe('meeting a network that fails', () => {
  let server: MisbehavingServer;
  let gateway: GatewayUnderTest;
  beforeEach(async () => {
    server = await MisbehavingServer.start((socket) => socket.write(NOTHING_FOUND));
    gateway = new GatewayUnderTest(server);
    await gateway.gateway.prepare('banesco', new AbortController().signal);
  });
  afterEach(async () => {
    gateway.stop();
    await server.stop();
  });

  const outcomeOf = async (misbehaviour: Misbehaviour) => {
    server.behave(misbehaviour);
    return (await gateway.lookUp()).answer.outcome;
  };
  /** For what is not about time: a busy machine unpacks and answers slowly. */
  const giveAmpleTime = async (): Promise<void> => {
    const variables = { BANESCO_TIMEOUT_MS: '10000', BANESCO_BODY_TIMEOUT_MS: '10000' };
    gateway.stop();
    gateway = new GatewayUnderTest(server, { variables });
    await gateway.gateway.prepare('banesco', new AbortController().signal);
  };
  const errors = async (): Promise<Record<string, number>> => {
    const { values } = await gateway.metrics.banescoApiErrorsTotal.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.error_type, value]));
  };

  it.each<[string, Misbehaviour, string]>([
    ['a reset after the request', (socket) => socket.resetAndDestroy(), 'connection_lost'],
    ['an end without an answer', (socket) => socket.end(), 'connection_lost'],
    [
      'half an answer',
      (socket) => socket.end(`${HEAD}content-length: 500\r\n\r\n{"httpStatus"`),
      'connection_lost',
    ],
    [
      'half a chunked answer',
      (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"htt\r\n`),
      'connection_lost',
    ],
    ['silence', () => undefined, 'headers_timeout'],
    ['headers that drip', drip('HTTP/1.1 200 OK\r\nx-slow: ', 'a'), 'headers_timeout'],
    ['a body that drips', drip(`${HEAD}content-length: 5000\r\n\r\n`, 'a'), 'body_timeout'],
    [
      'a body without end',
      (socket) => {
        socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
        const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
        const more = () => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on('drain', more);
        more();
      },
      'answer_too_large',
    ],
    [
      'garbage',
      (socket) => socket.write('\u0000\u0001 no HTTP at all\r\n\r\n'),
      'answer_unreadable',
    ],
    [
      'headers without end',
      (socket) => socket.write(`${HEAD}x-long: ${'a'.repeat(200_000)}\r\n\r\n`),
      'answer_unreadable',
    ],
    [
      'a body that is not what its encoding says',
      (socket) => socket.write(httpAnswer('plain', '200 OK', 'content-encoding: gzip\r\n')),
      'answer_unreadable',
    ],
  ])('makes %s an unknown outcome', async (_, misbehaviour, error) => {
    expect(await outcomeOf(misbehaviour)).toBe('outcome_unknown');
    expect(await errors()).toEqual({ [error]: 1 });
    // Whatever happened after the request had left, it is not sent again.
    expect(server.calls).toBe(1);
  });

  it('bounds what a small compressed answer may become', async () => {
    await giveAmpleTime();
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const outcome = await outcomeOf((socket) => {
      socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    expect(outcome).toBe('outcome_unknown');
    expect(await errors()).toEqual({ answer_too_large: 1 });
  });

  it.each([
    [
      'a redirect, which it does not follow',
      httpAnswer('', '302 Found', 'location: /elsewhere\r\n'),
    ],
    ['a page', httpAnswer('<html>Welcome</html>')],
    ['a page on 503', httpAnswer('<html>Sorry</html>', '503 Service Unavailable')],
    ['nothing', httpAnswer('')],
  ])('makes %s "unavailable"', async (_, answer) => {
    expect(await outcomeOf((socket) => socket.write(answer))).toBe('unavailable');
    expect(server.calls).toBe(1);
  });

  it('keeps the connection between calls', async () => {
    await giveAmpleTime();
    const { connections } = server;
    const answer: Misbehaviour = (socket) => socket.write(NOTHING_FOUND);
    expect(await outcomeOf(answer)).toBe(await outcomeOf(answer));
    expect(await errors()).toEqual({});
    expect(server.connections).toBe(connections);
  });

  it('lets a call go that nobody waits for any more', async () => {
    server.behave(() => undefined);
    const giving = new AbortController();
    const asking = gateway.lookUp(undefined, { signal: giving.signal });
    await eventually(() => server.calls === 1);
    giving.abort();
    expect((await asking).answer.outcome).toBe('outcome_unknown');
  });

  it('ends what is under way when the service stops', async () => {
    server.behave(() => undefined);
    const asking = gateway.lookUp();
    await eventually(() => server.calls === 1);
    gateway.stop();
    expect((await asking).answer.outcome).toBe('outcome_unknown');
  });
});

describe('meeting a bank that cannot be reached', () => {
  let server: MisbehavingServer;
  let gateway: GatewayUnderTest;
  beforeEach(async () => {
    server = await MisbehavingServer.start((socket) => socket.resetAndDestroy());
  });
  afterEach(async () => {
    gateway.stop();
    await server.stop();
  });
  const openGateway = (
    addresses: Partial<Addresses>,
    variables: Readonly<Record<string, string>> = {},
  ): void => {
    const { url, tokenUrl, transactionsUrl } = server;
    const bank = { url, tokenUrl, transactionsUrl, ...addresses };
    gateway = new GatewayUnderTest(bank, {
      variables: { BANESCO_CONNECT_REPEATS: '2', BANESCO_CIRCUIT_FAILURES: '2', ...variables },
    });
  };
  const prepare = () => gateway.gateway.prepare('banesco', new AbortController().signal);

  it('bounds an attempt as a whole, whatever its phases may last', async () => {
    server.behave(() => undefined);
    openGateway({}, { BANESCO_TIMEOUT_MS: '150', BANESCO_HEADERS_TIMEOUT_MS: '60000' });
    expect((await gateway.lookUp()).answer.outcome).toBe('outcome_unknown');
    const { values } = await gateway.metrics.banescoApiErrorsTotal.get();
    expect(values.map(({ labels }) => labels.error_type)).toEqual(['whole_timeout']);
  });

  it('sends nothing to where a cloud keeps the secrets of its machines', async () => {
    openGateway({ url: 'https://169.254.169.254' });
    const { answer } = await gateway.lookUp();
    expect(answer.outcome).toBe('unavailable');
    const { values } = await gateway.metrics.banescoApiErrorsTotal.get();
    expect(values.map(({ labels }) => labels.error_type)).toEqual(['address_forbidden']);
  });

  it('repeats a refused connection, each time under a permit of its own', async () => {
    // Port 1 belongs to a service that nobody runs any more.
    openGateway({ url: 'http://127.0.0.1:1' });
    const { answer, evidence } = await gateway.lookUp();
    expect(answer.outcome).toBe('unavailable');
    // Three attempts and the token.
    expect(new Set(evidence.permitIds).size).toBe(4);
    const { values } = await gateway.metrics.banescoApiCallsTotal.get();
    expect(values).toContainEqual({
      labels: { endpoint: 'transactions', status: 'not_sent' },
      value: 3,
    });
  });

  it('says so when no name leads to the bank', async () => {
    openGateway({ url: 'https://bank.invalid' });
    expect((await gateway.lookUp()).answer.outcome).toBe('unavailable');
  });

  it('knows that nothing left when the other side never finishes the handshake', async () => {
    openGateway({ url: server.url.replace('http:', 'https:') }, { BANESCO_CONNECT_REPEATS: '0' });
    server.behave(() => undefined);
    expect((await gateway.lookUp()).answer.outcome).toBe('unavailable');
    const { values } = await gateway.metrics.banescoApiErrorsTotal.get();
    expect(values.map(({ labels }) => labels.error_type)).toEqual(['connect_timeout']);
  });

  it('holds calls back after failures in a row, and probes when the time has come', async () => {
    openGateway({}, { BANESCO_CIRCUIT_OPEN_MS: '1000' });
    await gateway.lookUp();
    await gateway.lookUp();
    expect(await prepare()).toMatchObject({ state: 'wait', why: 'circuit_open' });
    const held = await gateway.lookUp();
    expect(held.answer.outcome).toBe('unavailable');
    expect(held.evidence.permitIds).toEqual([]);
    expect(server.calls).toBe(2);

    server.behave((socket) => socket.write(NOTHING_FOUND));
    await eventually(async () => (await prepare()).state === 'ready');
    const probe = await gateway.lookUp();
    expect(probe.answer.outcome).toBe('not_visible_yet');
    expect(probe.evidence.permitIds).toHaveLength(1);
  });
});
