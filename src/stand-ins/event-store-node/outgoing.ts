import type { ServerWritableStream } from '@grpc/grpc-js';
import type { WireError } from './wire-errors.js';

/** The answering half of a streaming call, written no faster than its reader takes it. */
export class Outgoing<Request> {
  private resume: (() => void) | null = null;
  private closed = false;
  private readonly onClose = new Set<() => void>();

  constructor(private readonly call: ServerWritableStream<Request, Buffer>) {
    // One listener for the whole call: one per wait would pile up.
    call.on('drain', () => this.wake());
    call.on('cancelled', () => this.close());
    call.on('close', () => this.close());
    call.on('error', () => this.close());
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Sends a message; resolves at once while the reader keeps up. */
  write(message: Buffer): Promise<void> | undefined {
    if (this.closed) return undefined;
    if (this.call.write(message)) return undefined;
    return new Promise((resolve) => {
      this.resume = resolve;
    });
  }

  end(): void {
    if (!this.closed) this.call.end();
    this.close();
  }

  fail(error: WireError): void {
    if (!this.closed) this.call.emit('error', error);
    this.close();
  }

  /** Waits for a signal or for the end of the call, whichever comes first. */
  wait(subscribe: (wake: () => void) => () => void): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        unsubscribe();
        this.onClose.delete(done);
        resolve();
      };
      const unsubscribe = subscribe(done);
      this.onClose.add(done);
    });
  }

  private close(): void {
    this.closed = true;
    this.wake();
    for (const done of this.onClose) done();
  }

  private wake(): void {
    this.resume?.();
    this.resume = null;
  }
}
