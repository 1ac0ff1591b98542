import { aCaller } from '../../../test/support/a-submission.js';
import { EVERYTHING } from '../live-message.js';
import { StreamConnection } from './stream-connection.js';

const stage = () => {
  const connection = new StreamConnection({
    caller: aCaller(),
    filter: EVERYTHING,
    from: 0n,
    mostBytes: 16 * 1024,
    onSent: () => undefined,
  });
  return connection;
};
const pong = { type: 'pong', data: {} } as const;

describe('writing to a client that does not read', () => {
  it('takes no more than its bound, and says so', () => {
    const connection = stage();
    let sent = 0;
    while (connection.send(pong)) sent += 1;
    expect(connection.body.readableLength).toBeLessThan(17 * 1024);
    expect(sent).toBeGreaterThan(100);
    expect(connection.beat()).toBe(false);
    connection.body.destroy();
  });

  it('waits until the client has read, or has gone', async () => {
    const connection = stage();
    while (connection.send(pong));
    const read = connection.caughtUp();
    connection.body.resume();
    await read;
    connection.body.pause();
    const gone = connection.caughtUp();
    connection.body.destroy();
    await gone;
    expect(connection.send(pong)).toBe(true);
  });

  it('says goodbye and ends', async () => {
    const connection = stage();
    connection.end('stopping');
    connection.end('too_slow');
    const text = (await connection.body.setEncoding('utf8').toArray()).join('');
    expect(text).toBe('event: goodbye\ndata: {"reason":"stopping","resume":true}\n\n');
    expect(connection.ended).toBe(true);
  });
});
