import { median, type Measured } from './measured.js';

export interface Summary {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const summarize = (rounds: readonly Measured[]): Summary => ({
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
  p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
});

/** Shortened to what a single reading can tell. */
export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

export const describeRound = (name: string, measured: Measured): string =>
  `  ${name.padEnd(28)} ${measured.perSecond.toFixed(0).padStart(6)}/s   ` +
  `p50 ${measured.p50Ms.toFixed(1)} ms   p99 ${measured.p99Ms.toFixed(1)} ms`;
