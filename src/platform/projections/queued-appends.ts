import { Injectable } from '@nestjs/common';

/** A queue that answered writes stand in until they reach the log. */
export interface AppendQueue {
  /** Category of the streams that they are appended to. */
  readonly category: string;
  /** Since when a write waits; null once it is in the log. */
  since(id: bigint): Promise<Date | null>;
}

/** Knows the queue before the log, when a context has one; it registers it in `onModuleInit`. */
@Injectable()
export class QueuedAppends {
  queue: AppendQueue | null = null;

  register(queue: AppendQueue): void {
    this.queue = queue;
  }
}
