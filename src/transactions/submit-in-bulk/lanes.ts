/** So much may be at work at a time, whoever asks for it: one takes all lanes, several take turns. */
export class Lanes {
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly count: number,
    private free = count,
  ) {}

  /** Works through items, and gives the results in the items' order. A slow one holds up nobody behind it. */
  async through<Item, Result>(
    items: readonly Item[],
    work: (item: Item, index: number) => Promise<Result>,
  ): Promise<Result[]> {
    const results: Result[] = [];
    const remaining = items.entries();
    const follow = async (): Promise<void> => {
      // All take from one iterator, so that each item is taken once.
      for (const [index, item] of remaining) {
        if (this.free > 0) this.free -= 1;
        else await this.turn();
        try {
          results[index] = await work(item, index);
        } finally {
          this.handOn();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.count, items.length) }, follow));
    return results;
  }

  private turn(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** To whoever has waited longest, so that a second bulk gets every other lane that is left. */
  private handOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
