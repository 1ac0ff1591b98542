import { ReplayMeter } from './replay-meter.js';

const after = (seconds: number): ReplayMeter => new ReplayMeter(0, () => seconds * 1_000);

describe('saying how far a replay is', () => {
  it('shows the share of the log, the speed and the time left', () => {
    const progress = { events: 30_000, from: 0n, position: 25n, target: 100n };
    expect(after(30).line(progress)).toBe(
      '[######..................] 25.0 %, 30000 events, 1000/s, ETA 1:30',
    );
  });

  it('counts a resumed replay from where it goes on', () => {
    const progress = { events: 10, from: 50n, position: 75n, target: 100n };
    expect(after(10).line(progress)).toContain('50.0 %, 10 events, 1/s, ETA 0:10');
  });

  it('promises nothing before the first event, and ends at the end', () => {
    const start = { events: 0, from: 0n, position: 0n, target: 100n };
    expect(after(1).line(start)).toContain('ETA unknown');
    expect(after(1).line({ ...start, position: 100n })).toContain('100.0 %, 0 events, 0/s, done');
    expect(after(1).line({ ...start, target: 0n })).toContain('done');
  });
});
