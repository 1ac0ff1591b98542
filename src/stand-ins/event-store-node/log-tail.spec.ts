import { type LogEntry, LogTail } from './log-tail.js';

const entry = (position: number, { stream = 's', bytes = 10 } = {}): LogEntry => ({
  position,
  stream,
  type: 'Noted',
  record: Buffer.alloc(bytes),
});
const positionsAfter = (tail: LogTail, position: number, limit = 1000): number[] | null =>
  tail.after(position, limit)?.map((line) => line.position) ?? null;

describe('keeping the newest part of the log', () => {
  it('gives what comes after a position, whether an event stands there or not', () => {
    const tail = new LogTail(0);
    tail.push([entry(10), entry(20), entry(30)]);

    expect([positionsAfter(tail, 0), positionsAfter(tail, 10), positionsAfter(tail, 15)]).toEqual([
      [10, 20, 30],
      [20, 30],
      [20, 30],
    ]);
  });

  it('gives nothing, which is not the same as not knowing, at the end', () => {
    const tail = new LogTail(0);
    tail.push([entry(10)]);

    expect(positionsAfter(tail, 10)).toEqual([]);
  });

  it('does not know what was there before it was made', () => {
    expect(positionsAfter(new LogTail(500), 499)).toBeNull();
  });

  it('gives no more than asked for', () => {
    const tail = new LogTail(0);
    tail.push([entry(10), entry(20), entry(30)]);

    expect(positionsAfter(tail, 0, 2)).toEqual([10, 20]);
  });

  it('forgets the oldest when there are too many, and says so', () => {
    const tail = new LogTail(0);
    tail.push(Array.from({ length: 6000 }, (_, index) => entry(index + 1)));

    expect([positionsAfter(tail, 0), positionsAfter(tail, 5999)]).toEqual([null, [6000]]);
  });

  it('forgets the oldest when they are too large together', () => {
    const tail = new LogTail(0);
    for (let position = 1; position <= 20; position += 1) {
      tail.push([entry(position, { bytes: 1024 * 1024 })]);
    }

    expect([positionsAfter(tail, 0), positionsAfter(tail, 19)]).toEqual([null, [20]]);
  });
});

describe('waking those who wait for more', () => {
  const listening = () => {
    const tail = new LogTail(0);
    const woken: string[] = [];
    const stops = [
      tail.onGrowth(() => woken.push('any')),
      tail.onStreamGrowth('a', () => woken.push('a')),
      tail.onStreamGrowth('b', () => woken.push('b')),
    ];
    return { tail, woken, stops };
  };

  it('wakes who waits for any event, and who waits for that stream', () => {
    const { tail, woken } = listening();
    tail.push([entry(1, { stream: 'b' }), entry(2, { stream: 'b' })]);

    expect(woken).toEqual(['any', 'b']);
  });

  it('wakes nobody who has stopped', () => {
    const { tail, woken, stops } = listening();
    for (const stop of stops) stop();
    tail.push([entry(1, { stream: 'a' })]);

    expect(woken).toEqual([]);
  });
});
