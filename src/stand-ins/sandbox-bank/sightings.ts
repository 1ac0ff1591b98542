import type { Clock } from '../../kernel/clock.js';
import type { LedgerMovement } from './movement.js';
import type { Seen } from './scenario.js';

/** How often each movement has been asked about, and since when. */
export class Sightings {
  private readonly byId = new Map<string, { asks: number; firstAtMs: number }>();

  constructor(private readonly clock: Clock) {}

  /** Counts an ask about a movement; the answer has it included. */
  see({ id }: LedgerMovement): Seen {
    const nowMs = this.clock.now().getTime();
    const before = this.byId.get(id) ?? { asks: 0, firstAtMs: nowMs };
    this.byId.set(id, { ...before, asks: before.asks + 1 });
    return { asks: before.asks + 1, sinceFirstAskMs: nowMs - before.firstAtMs };
  }

  clear(): void {
    this.byId.clear();
  }
}

/** Whether a scenario still spoils the answer to this ask. */
export const spoils = (
  scenario: { readonly answer?: unknown; readonly times?: number } | null,
  seen: Seen,
): boolean => scenario?.answer !== undefined && seen.asks <= (scenario.times ?? 1);
