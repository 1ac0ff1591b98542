import type { ReplayProgress } from '../../platform/projections/rebuild/replay.js';

const WIDTH = 24;

/** Says of a replay how far it is, how fast, and how much longer it may take. */
export class ReplayMeter {
  constructor(
    private readonly startedAtMs: number,
    private readonly now: () => number,
  ) {}

  line({ events, from, position, target }: ReplayProgress): string {
    const seconds = Math.max(0.001, (this.now() - this.startedAtMs) / 1_000);
    const share = target <= from ? 1 : Math.min(1, Number(position - from) / Number(target - from));
    const filled = Math.round(share * WIDTH);
    const bar = `${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}`;
    const perSecond = Math.round(events / seconds);
    return `[${bar}] ${(share * 100).toFixed(1)} %, ${events} events, ${perSecond}/s, ${this.left(share, seconds)}`;
  }

  private left(share: number, seconds: number): string {
    if (share >= 1) return 'done';
    if (share <= 0) return 'ETA unknown';
    const left = Math.ceil((seconds / share) * (1 - share));
    return `ETA ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  }
}
