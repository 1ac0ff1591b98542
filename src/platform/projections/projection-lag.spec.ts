import { TestClock } from '../../../test/support/test-clock.js';
import type { LogItem } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import { BatchReader } from './batch-reader.js';
import { LagMeter } from './projection-lag.js';

let clock: TestClock;
let meter: LagMeter;

beforeEach(() => {
  clock = new TestClock();
  meter = new LagMeter(clock);
});

const recordedNow = (): StoredEvent => ({ recordedAt: clock.now() }) as StoredEvent;

const silent = (): BatchReader => {
  async function* nothing(): AsyncGenerator<LogItem> {
    await new Promise(() => undefined);
    yield { kind: 'caught_up' };
  }
  return new BatchReader(nothing(), { size: 10, ms: 60_000 });
};

describe('measuring how far a projection is behind', () => {
  it('is zero when idle, however long', () => {
    meter.following(silent());
    meter.took([recordedNow()]);
    meter.applied(true);
    clock.advance(3_600_000);
    expect(meter.lag()).toEqual({ events: 0, seconds: 0, moving: true, leads: true });
  });

  it('is the age of the oldest event in hand', () => {
    meter.following(silent());
    meter.applied(true);
    const oldest = recordedNow();
    clock.advance(2_000);
    meter.took([oldest, recordedNow()]);
    clock.advance(1_000);
    expect(meter.lag()).toMatchObject({ events: 2, seconds: 3 });
  });

  it('counts from the last applied event while it catches up', () => {
    meter.following(silent());
    meter.took([recordedNow()]);
    clock.advance(5_000);
    meter.applied(false);
    expect(meter.lag()).toMatchObject({ events: 0, seconds: 5 });
  });

  it('grows while it fails, from when it was last current', () => {
    meter.following(silent());
    meter.applied(true);
    meter.failed();
    clock.advance(7_000);
    expect(meter.lag()).toEqual({ events: 0, seconds: 7, moving: false, leads: false });
  });

  it('keeps growing until the end of the log is seen again', () => {
    meter.following(silent());
    meter.applied(true);
    meter.failed();
    clock.advance(7_000);
    meter.following(silent());
    expect(meter.lag()).toMatchObject({ seconds: 7, moving: false });
    meter.applied(true);
    expect(meter.lag()).toMatchObject({ seconds: 0, moving: true });
  });

  it('is nobody’s worry here while another process leads', () => {
    meter.standingBy();
    clock.advance(60_000);
    expect(meter.lag()).toEqual({ events: 0, seconds: 0, moving: true, leads: false });
  });

  it('is never negative when the store’s clock is ahead', () => {
    meter.following(silent());
    meter.took([{ recordedAt: new Date(clock.now().getTime() + 500) } as StoredEvent]);
    expect(meter.lag().seconds).toBe(0);
  });
});
