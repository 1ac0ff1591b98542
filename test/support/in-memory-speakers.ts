import type { Clock } from '../../src/kernel/clock.js';
import type { Speakers } from '../../src/verification/speaker.store.js';

const HELD_FOR_MS = 6_000;

/** Who speaks for which credential, for all simulated processes. */
export class SpeakingRights {
  private readonly held = new Map<string, { readonly holder: string; readonly untilMs: number }>();
  private readonly firstAskShares = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  take(credentialId: string, holder: string, firstAskShare: number): boolean {
    const nowMs = this.clock.monotonicMs();
    const present = this.held.get(credentialId);
    if (present !== undefined && present.holder !== holder && present.untilMs >= nowMs)
      return false;
    this.held.set(credentialId, { holder, untilMs: nowMs + HELD_FOR_MS });
    this.firstAskShares.set(credentialId, firstAskShare);
    return true;
  }

  firstAskShare(credentialId: string): number {
    return this.firstAskShares.get(credentialId) ?? 0;
  }

  release(holder: string): void {
    for (const [credentialId, present] of this.held) {
      if (present.holder === holder) this.held.delete(credentialId);
    }
  }
}

/** One process's hold on them. */
export class InMemorySpeakers implements Pick<Speakers, 'tryHold' | 'firstAskShare' | 'release'> {
  constructor(
    private readonly rights: SpeakingRights,
    private readonly holder: string,
  ) {}

  tryHold(credentialId: string, firstAskShare: number): Promise<boolean> {
    return Promise.resolve(this.rights.take(credentialId, this.holder, firstAskShare));
  }

  firstAskShare(credentialId: string): Promise<number> {
    return Promise.resolve(this.rights.firstAskShare(credentialId));
  }

  release(): Promise<void> {
    this.rights.release(this.holder);
    return Promise.resolve();
  }
}
