import { Injectable } from '@nestjs/common';

/** Whether this process is on its way out. */
@Injectable()
export class Lifecycle {
  private readonly controller = new AbortController();

  /** Aborts when the process begins to stop: what only waits should stop waiting and answer with what it knows. */
  readonly stopping: AbortSignal = this.controller.signal;

  /** From here on readiness fails; requests are still served. */
  stop(): void {
    this.controller.abort();
  }
}
