import { Logger } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import {
  errorOf,
  packed,
  type AppendThreadOptions,
  type AskedAppend,
  type FromThread,
  type ToThread,
} from './append-messages.js';
import { Appender } from './appender.js';
import {
  EventStoreUnavailable,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
} from './event-store.js';

/** What a thread is started with. */
export interface ThreadProgram {
  readonly script: URL;
  /** Options of Node; without, those of this process. */
  readonly execArgv?: string[];
}

/** Beside this file, also where the service is bundled. */
export const APPEND_THREAD: ThreadProgram = {
  script: new URL('./append-thread.main.js', import.meta.url),
};

/** The thread holds what is under way, and nothing else. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
/** How long appends wait for company while the thread has not answered those before. */
const COMPANY_WITHIN_MS = 2;
/** One that cannot start must not be started for every append. */
const START_EVERY_MS = 1_000;

interface Waiting {
  readonly streamName: string;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** Appends through a thread of its own. When that dies, the next append starts another. */
export class ThreadedAppender extends Appender {
  private readonly logger = new Logger(ThreadedAppender.name);
  private thread: Worker | null;
  private startedAtMs = Number.NEGATIVE_INFINITY;
  private waiting = new Map<number, Waiting>();
  private leaving: AskedAppend[] = [];
  private unanswered = false;
  private patience: NodeJS.Timeout | undefined;
  private lastId = 0;
  private closing = false;

  constructor(
    private readonly program: ThreadProgram,
    private readonly options: AppendThreadOptions,
  ) {
    super();
    this.thread = this.start();
  }

  append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { streamName, resolve, reject });
      this.leaving.push([id, streamName, expected, ...packed(events)]);
      if (this.leaving.length === 1) this.sendSoon();
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    const { thread } = this;
    if (thread === null) return;
    thread.ref();
    await new Promise<void>((resolve) => {
      thread.once('exit', () => resolve());
      thread.postMessage('close' satisfies ToThread);
    });
  }

  /**
   * What comes due in one turn of the event loop leaves together, and so does what comes due until the thread answers:
   * each hand-over wakes the other thread, and the store writes to disk once for all that it gets at a time.
   */
  private sendSoon(): void {
    if (this.unanswered) this.patience = setTimeout(() => this.send(), COMPANY_WITHIN_MS);
    else setImmediate(() => this.send());
  }

  private send(): void {
    clearTimeout(this.patience);
    if (this.leaving.length === 0) return;
    const together = this.leaving;
    this.leaving = [];
    this.thread ??= this.start();
    if (this.thread === null) this.lose(new Error('the appending thread does not start'));
    else {
      this.thread.postMessage(together satisfies ToThread);
      this.unanswered = true;
    }
  }

  private start(): Worker | null {
    const nowMs = performance.now();
    if (this.closing || nowMs - this.startedAtMs < START_EVERY_MS) return null;
    this.startedAtMs = nowMs;
    const { script, execArgv } = this.program;
    const thread = new Worker(script, {
      workerData: this.options,
      resourceLimits: LIMITS,
      ...(execArgv === undefined ? null : { execArgv }),
    });
    // A process that has nothing else to do may end.
    thread.unref();
    thread.on('message', (message: FromThread) => {
      // Whatever its client left behind ends with it.
      if (message === 'closed') void thread.terminate();
      else this.settle(message);
    });
    let cause = new Error('the appending thread ended');
    thread.once('error', (err) => {
      cause = err;
      this.logger.error({ err }, 'the appending thread died');
    });
    thread.once('exit', () => {
      this.thread = null;
      this.lose(cause);
    });
    return thread;
  }

  private settle(answers: Exclude<FromThread, 'closed'>): void {
    this.unanswered = false;
    if (this.leaving.length > 0) setImmediate(() => this.send());
    for (const answer of answers) {
      const asked = this.waiting.get(answer[0]);
      this.waiting.delete(answer[0]);
      if (asked === undefined) continue;
      if (answer.length === 3) asked.reject(errorOf(answer[1], answer[2], asked.streamName));
      else asked.resolve({ revision: answer[1], position: answer[2], retried: answer[3] });
    }
  }

  /** Whatever was under way may or may not have been written. */
  private lose(cause: Error): void {
    const lost = this.waiting;
    this.waiting = new Map();
    this.leaving = [];
    this.unanswered = false;
    for (const { reject } of lost.values()) {
      reject(new EventStoreUnavailable('the event store cannot be reached', { cause }));
    }
  }
}
