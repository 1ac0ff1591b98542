import { RandomSource } from '../../src/kernel/ids.js';

/** Chance that repeats itself: equal seeds throw equally (mulberry32). */
export class Dice extends RandomSource {
  private state: number;

  constructor(seed: number) {
    super();
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  }

  /** At least 0, below 1. */
  share(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  pick<T>(things: readonly [T, ...T[]]): T {
    return things[this.between(0, things.length - 1)] ?? things[0];
  }

  /** A delay with this mean; most are shorter, a few much longer. */
  delay(meanMs: number): number {
    return Math.round(-Math.log(1 - this.share()) * meanMs);
  }

  uuid(): string {
    const hex = this.bytes(16).toString('hex');
    const version = `4${hex.slice(13, 16)}-a${hex.slice(17, 20)}`;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}-${hex.slice(20)}`;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.between(0, 255)));
  }
}
