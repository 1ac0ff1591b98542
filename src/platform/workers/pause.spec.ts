import { endsWithin, pause } from './pause.js';

const forever = new Promise<never>(() => undefined);

describe('waiting with a bound', () => {
  it('ends a pause when the signal aborts', async () => {
    const stop = new AbortController();
    const pausing = pause(3_600_000, stop.signal);
    stop.abort();
    await expect(pausing).resolves.toBeUndefined();
  });

  it('does not begin a pause after the signal aborted', async () => {
    await expect(pause(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('tells work that ended from work that goes on', async () => {
    expect(await endsWithin(3_600_000, Promise.resolve())).toBe(true);
    expect(await endsWithin(1, forever)).toBe(false);
  });

  it('throws what the work threw', async () => {
    await expect(endsWithin(3_600_000, Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
  });
});
