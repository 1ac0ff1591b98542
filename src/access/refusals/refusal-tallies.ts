// Refusals of one caller, reason and minute are one thing to the audit: a flood must not fill the log.

/** One request that was refused for who sent it. */
export interface Refusal {
  /** `user:<id>`, `api_key:<id>`, or `network:<address>` where nobody proved to be anybody. */
  readonly subject: string;
  readonly actor: string;
  readonly merchantId: string | null;
  /** The code of the problem that was answered. */
  readonly reason: string;
  readonly address: string;
  /** The pattern of the route, with its method. */
  readonly route: string;
  readonly requestId: string;
  readonly traceId: string | null;
}

/** Refusals that are written down together: the first as it was, and how many. */
export interface RefusalReport {
  readonly first: Refusal;
  readonly count: number;
  readonly sinceMs: number;
}

const MINUTE_MS = 60_000;
// Of one instance; a flood from more networks than this is told as one.
const MOST_TALLIES = 200;

const OTHERS: Pick<Refusal, 'subject' | 'actor' | 'merchantId'> = {
  subject: 'network:many',
  actor: 'anonymous',
  merchantId: null,
};

interface Tally {
  readonly first: Refusal;
  readonly startMs: number;
  count: number;
  /** How many of them the audit knows of. */
  told: number;
}

/**
 * Counts refusals in memory. The first of each caller, reason and minute is told at once, the rest as one sum when the
 * minute is over: at most two acts each, and at most 400 a minute of one instance.
 */
export class RefusalTallies {
  private readonly tallies = new Map<string, Tally>();

  note(refusal: Refusal, nowMs: number): void {
    const startMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const key = `${startMs} ${refusal.reason} ${refusal.subject}`;
    const known = this.tallies.get(key);
    if (known !== undefined) known.count += 1;
    else if (this.tallies.size < MOST_TALLIES) this.begin(key, refusal, startMs);
    else this.noteAmongOthers(refusal, startMs);
  }

  /** What is to be written down by now; all of it when the process ends. */
  due(nowMs: number, ending = false): readonly RefusalReport[] {
    const reports: RefusalReport[] = [];
    for (const [key, tally] of this.tallies) {
      const over = ending || nowMs - tally.startMs >= MINUTE_MS;
      if (tally.count > tally.told && (over || tally.told === 0)) {
        const count = tally.count - tally.told;
        reports.push({ first: tally.first, count, sinceMs: tally.startMs });
        tally.told = tally.count;
      }
      if (over) this.tallies.delete(key);
    }
    return reports;
  }

  /** Could not be written down; to be told with what comes. */
  takeBack({ first, count, sinceMs }: RefusalReport): void {
    const key = `${sinceMs} ${first.reason} ${first.subject}`;
    const known = this.tallies.get(key);
    if (known !== undefined) known.told -= count;
    else this.begin(key, first, sinceMs, count);
  }

  private begin(key: string, first: Refusal, startMs: number, count = 1): void {
    this.tallies.set(key, { first, startMs, count, told: 0 });
  }

  private noteAmongOthers(refusal: Refusal, startMs: number): void {
    const others = { ...refusal, ...OTHERS };
    const key = `${startMs} ${others.reason} ${others.subject}`;
    const known = this.tallies.get(key);
    if (known === undefined) this.begin(key, others, startMs);
    else known.count += 1;
  }
}
