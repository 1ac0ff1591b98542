/** Uses to add, or the sum that they led to. */
export interface Count {
  readonly policy: string;
  readonly caller: string;
  readonly windowStart: Date;
  readonly windowEnd: Date;
  readonly used: number;
}

/** Counts cannot be shared at the moment; whoever counts goes on alone. */
export class CountsUnavailable extends Error {
  override name = 'CountsUnavailable';
}

/** Where the instances tell each other how often somebody asked. */
export abstract class RequestCounts {
  /** Adds uses and tells the sums over all instances. @throws CountsUnavailable */
  abstract add(counts: readonly Count[]): Promise<readonly Count[]>;
}
