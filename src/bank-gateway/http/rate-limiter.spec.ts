import { QueueFull, RateLimiter } from './rate-limiter.js';

const settings = { maxConcurrent: 1, queueLimit: 2, expirationMs: 1000 };

/** A call that ends when the test says so. */
function openCall() {
  let end: (value: string) => void = () => undefined;
  const ended = new Promise<string>((settle) => (end = settle));
  return { run: () => ended, end };
}

describe('ordering the calls of one instance', () => {
  it('runs as many at once as allowed, the rest in order', async () => {
    const limiter = new RateLimiter(settings);
    const order: string[] = [];
    const first = openCall();
    const running = limiter.run(() => first.run().then(() => order.push('first')));
    const second = limiter.run(() => Promise.resolve(order.push('second')));
    const third = limiter.run(() => Promise.resolve(order.push('third')));
    expect(order).toEqual([]);
    first.end('done');
    await Promise.all([running, second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('refuses a call for which no place is left, before anything happens', async () => {
    const limiter = new RateLimiter(settings);
    const first = openCall();
    const running = limiter.run(first.run);
    const waiting = [limiter.run(first.run), limiter.run(first.run)];
    let began = false;
    const refused = limiter.run(() => {
      began = true;
      return Promise.resolve('never');
    });
    await expect(refused).rejects.toBeInstanceOf(QueueFull);
    expect(began).toBe(false);
    first.end('done');
    expect(await Promise.all([running, ...waiting])).toEqual(['done', 'done', 'done']);
  });

  it('passes on what a call throws, and runs the next', async () => {
    const limiter = new RateLimiter(settings);
    const failing = limiter.run(() => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    await expect(limiter.run(() => Promise.resolve('fine'))).resolves.toBe('fine');
  });

  it('frees the place of a call that never ends', async () => {
    const limiter = new RateLimiter({ ...settings, expirationMs: 20 });
    const stuck = limiter.run(() => new Promise<string>(() => undefined));
    await expect(stuck).rejects.toThrow();
    await expect(stuck).rejects.not.toBeInstanceOf(QueueFull);
    await expect(limiter.run(() => Promise.resolve('fine'))).resolves.toBe('fine');
    expect(limiter.counts()).toEqual({ running: 0, waiting: 0 });
  });
});
