import type { ObservedMovement } from '../matching/observed-movement.js';

// A few days of a busy account; about 100 bytes each.
const REMEMBERED = 50_000;

/**
 * Rows that this process has written down, so that a listing that repeats them costs no look into their slots. Only a
 * saving: what is forgotten is looked up again.
 */
export class SeenRows {
  private readonly keys = new Set<string>();

  has(slot: string, { movementKey }: ObservedMovement): boolean {
    return this.keys.has(`${slot} ${movementKey}`);
  }

  add(slot: string, { movementKey }: ObservedMovement): void {
    this.keys.add(`${slot} ${movementKey}`);
    if (this.keys.size <= REMEMBERED) return;
    const [oldest] = this.keys;
    if (oldest !== undefined) this.keys.delete(oldest);
  }
}
