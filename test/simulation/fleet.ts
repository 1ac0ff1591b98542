import type { CommandBus } from '@nestjs/cqrs';
import type { Dice } from './dice.js';
import { Life } from './mortal.js';
import type { SimulatedProcess } from './simulated-process.js';
import type { VirtualTime } from './virtual-time.js';

const RESTART_MS = 5_000;
const RECOVER_EVERY_MS = 5_000;
const AFTER_FAILURE_MS = 1_000;

/** Makes a process; the life says when it is over. */
export type Birth = (name: string, life: Life) => SimulatedProcess;

interface Place {
  process: SimulatedProcess | null;
  /** Wakes it earlier than it would; null while it works. */
  cancelSleep: (() => void) | null;
}

/** The instances of the service: wakes them as their own loops would, and starts those anew that died. */
export class Fleet {
  crashes = 0;
  private births = 0;
  private isRecovering = false;
  private readonly places: Place[];

  constructor(
    private readonly parts: {
      readonly time: VirtualTime;
      readonly dice: Dice;
      readonly birth: Birth;
      readonly hasLeftOpen: () => boolean;
    },
    processes: number,
  ) {
    this.places = Array.from({ length: processes }, () => ({ process: null, cancelSleep: null }));
  }

  start(): void {
    this.places.forEach(
      (place, at) => void this.parts.time.after(at * 100, () => this.bear(place)),
    );
  }

  /** Some live process, as a balancer finds one. */
  readonly balancer = (): CommandBus | null => {
    const alive = this.places.flatMap(({ process }) => (process === null ? [] : [process]));
    const [first, ...others] = alive;
    return first === undefined ? null : this.parts.dice.pick([first, ...others]).commands;
  };

  /** The queue has news: whoever sleeps longer than it allows is woken. */
  nudge(): void {
    for (const place of this.places) if (place.cancelSleep !== null) this.sleep(place);
    this.recoverSoon();
  }

  private bear(place: Place): void {
    this.births += 1;
    const life = new Life(() => this.bury(place));
    place.process = this.parts.birth(`process ${this.births}`, life);
    this.sleep(place);
  }

  private bury(place: Place): void {
    this.crashes += 1;
    place.cancelSleep?.();
    place.cancelSleep = null;
    place.process = null;
    const awayMs = this.parts.dice.between(RESTART_MS, 12 * RESTART_MS);
    this.parts.time.after(awayMs, () => this.bear(place));
  }

  private sleep(place: Place, forMs = place.process?.idleForMs ?? 0): void {
    place.cancelSleep?.();
    const wake = (): void => {
      place.cancelSleep = null;
      this.work(place);
    };
    // One that finds nothing due sleeps until it is nudged.
    const cancel = Number.isFinite(forMs) ? this.parts.time.after(forMs, wake) : () => undefined;
    place.cancelSleep = cancel;
  }

  private work(place: Place): void {
    const { process } = place;
    if (process === null) return;
    const again = (forMs?: number): void => {
      if (place.process === process) this.sleep(place, forMs);
    };
    process.ask().then(
      (isBusy) => (isBusy ? again(1) : again()),
      () => again(AFTER_FAILURE_MS),
    );
  }

  private recoverSoon(): void {
    if (this.isRecovering || !this.parts.hasLeftOpen()) return;
    this.isRecovering = true;
    this.parts.time.after(RECOVER_EVERY_MS, () => {
      this.isRecovering = false;
      for (const { process } of this.places) process?.recover().catch(() => undefined);
      this.recoverSoon();
    });
  }
}
