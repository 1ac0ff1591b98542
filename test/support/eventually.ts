import { setTimeout as delay } from 'node:timers/promises';

/** Repeats a check until it passes; with the deadline its last complaint is thrown. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs }: { readonly withinMs: number },
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(20);
    }
  }
}
