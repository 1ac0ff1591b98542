import type { EventLog } from './event-log.js';
import { StreamWrites } from './stream-writes.js';

interface Waiting {
  readonly run: () => void;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Bounds how long one transaction keeps readers waiting. */
const GROUP_LIMIT = 1024;

/**
 * Gathers writes that arrive together into one transaction: one wait for the disk for all of them.
 * The group is what came in while the last commit was waiting, so one lone writer never waits for others.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private scheduled = false;

  private readonly writes: StreamWrites;

  constructor(private readonly log: EventLog) {
    this.writes = new StreamWrites(log);
  }

  /** Resolves with the write's outcome once it is on disk. @throws DiskFull nothing of it was kept */
  write<Outcome>(work: (writes: StreamWrites) => Outcome): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      let outcome: Outcome;
      this.waiting.push({
        run: () => {
          outcome = work(this.writes);
        },
        done: () => resolve(outcome),
        failed: reject,
      });
      this.schedule();
    });
  }

  /** Commits what still waits. */
  flush(): void {
    while (this.waiting.length > 0) this.commitGroup();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.commitGroup();
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private commitGroup(): void {
    const group = this.waiting.slice(0, GROUP_LIMIT);
    this.waiting = this.waiting.slice(GROUP_LIMIT);
    if (group.length === 0) return;
    try {
      this.log.transact(() => {
        for (const write of group) write.run();
      });
    } catch (error) {
      this.commitOneByOne(group, error);
      return;
    }
    for (const write of group) write.done();
  }

  /** One write that cannot be kept must not fail its neighbours. */
  private commitOneByOne(group: readonly Waiting[], error: unknown): void {
    if (group.length === 1) {
      group[0]?.failed(error);
      return;
    }
    for (const write of group) {
      try {
        this.log.transact(() => write.run());
        write.done();
      } catch (failure) {
        write.failed(failure);
      }
    }
  }
}
