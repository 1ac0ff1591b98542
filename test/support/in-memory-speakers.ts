import type { Clock } from '../../src/kernel/clock.js';
import type { Speakers, SpeakersWord } from '../../src/verification/speaker.store.js';

const HELD_FOR_MS = 6_000;

/** Who speaks for which credential, for all simulated processes. */
export class SpeakingRights {
  private readonly held = new Map<string, { readonly holder: string; readonly untilMs: number }>();
  private readonly words = new Map<string, SpeakersWord & { readonly saidAtMs: number }>();

  constructor(private readonly clock: Clock) {}

  take(credentialId: string, holder: string, word: SpeakersWord): boolean {
    const nowMs = this.clock.monotonicMs();
    const present = this.held.get(credentialId);
    if (present !== undefined && present.holder !== holder && present.untilMs >= nowMs)
      return false;
    this.held.set(credentialId, { holder, untilMs: nowMs + HELD_FOR_MS });
    this.words.set(credentialId, { ...word, saidAtMs: nowMs });
    return true;
  }

  word(credentialId: string): SpeakersWord {
    const said = this.words.get(credentialId);
    if (said === undefined) return { firstAskShare: 0, circuitOpenMs: 0 };
    const { firstAskShare, circuitOpenMs, saidAtMs } = said;
    const sinceMs = this.clock.monotonicMs() - saidAtMs;
    return { firstAskShare, circuitOpenMs: Math.max(0, circuitOpenMs - sinceMs) };
  }

  release(holder: string): void {
    for (const [credentialId, present] of this.held) {
      if (present.holder === holder) this.held.delete(credentialId);
    }
  }
}

/** One process's hold on them. */
export class InMemorySpeakers implements Pick<Speakers, 'tryHold' | 'word' | 'release'> {
  constructor(
    private readonly rights: SpeakingRights,
    private readonly holder: string,
  ) {}

  tryHold(credentialId: string, word: SpeakersWord): Promise<boolean> {
    return Promise.resolve(this.rights.take(credentialId, this.holder, word));
  }

  word(credentialId: string): Promise<SpeakersWord> {
    return Promise.resolve(this.rights.word(credentialId));
  }

  release(): Promise<void> {
    this.rights.release(this.holder);
    return Promise.resolve();
  }
}
