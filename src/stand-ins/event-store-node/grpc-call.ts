import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { FrameReader, writeFrame } from './grpc-frames.js';
import { GRPC_STATUS } from './grpc-status.js';
import { asWireError, type WireError } from './wire-errors.js';

const HEADERS = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': 'identity',
} as const;

/** Answers are gathered up to this size, or to the end of the turn, and sent as one. */
const SEND_AT_BYTES = 64 * 1024;

/** One gRPC call as its handler sees it: messages in, messages out, one end. */
export class GrpcCall {
  private frames: Buffer[] = [];
  private gathered = 0;
  private answered = false;
  private closed = false;
  private resume: (() => void) | null = null;
  private readonly onClose = new Set<() => void>();

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly headers: IncomingHttpHeaders,
  ) {
    // One listener for the whole call: one per wait would pile up.
    stream.on('drain', () => this.wake());
    stream.on('close', () => this.close());
    // A caller that went away is no error of ours; `close` follows.
    stream.on('error', () => this.close());
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** What the caller said of itself. */
  header(name: string): string | undefined {
    const value = this.headers[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** Calls back when the call has ended, by whomever. */
  onClosed(ended: () => void): void {
    if (this.closed) ended();
    else this.onClose.add(ended);
  }

  /** Hands over what the caller sends: every message, then the end. */
  receive(onMessage: (message: Buffer) => void, onEnd: () => void): void {
    const frames = new FrameReader();
    this.stream.on('data', (chunk: Buffer) => {
      if (this.answered) return;
      try {
        for (const message of frames.read(chunk)) onMessage(message);
      } catch (error) {
        this.fail(asWireError(error));
      }
    });
    this.stream.on('end', () => {
      if (!this.answered) onEnd();
    });
  }

  /** Sends a message; gives a promise only when the caller does not keep up and must be waited for. */
  write(message: Buffer): Promise<void> | undefined {
    if (this.answered || this.closed) return undefined;
    if (this.gathered === 0) process.nextTick(() => this.send());
    this.gathered += writeFrame(this.frames, message);
    if (this.gathered >= SEND_AT_BYTES) this.send();
    return this.stream.writableNeedDrain ? this.drained() : undefined;
  }

  /** Resolves when the caller has taken what was sent. */
  drained(): Promise<void> {
    if (this.closed || !this.stream.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const earlier = this.resume;
      this.resume = () => {
        earlier?.();
        resolve();
      };
    });
  }

  /** Stops reading from the caller until it has taken its answers. */
  pauseUntilDrained(): void {
    if (!this.stream.writableNeedDrain || this.stream.isPaused()) return;
    this.stream.pause();
    void this.drained().then(() => this.stream.resume());
  }

  end(): void {
    this.finish({ 'grpc-status': `${GRPC_STATUS.OK}` });
  }

  fail(error: WireError): void {
    this.finish({
      ...error.trailers,
      'grpc-status': `${error.code}`,
      'grpc-message': encodeURI(error.message),
    });
  }

  /** Ends the call at once, for a caller that does not read what it is told; it sees UNAVAILABLE. */
  abort(): void {
    this.stream.close(constants.NGHTTP2_REFUSED_STREAM);
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

  private finish(trailers: Readonly<Record<string, string>>): void {
    if (this.answered || this.closed) return;
    this.send();
    this.answered = true;
    if (this.stream.destroyed) return;
    // Whatever the caller still sends has to be taken off the connection.
    this.stream.resume();
    if (this.stream.headersSent) {
      this.stream.once('wantTrailers', () => this.stream.sendTrailers(trailers));
      this.stream.end();
    } else {
      this.stream.respond({ ...HEADERS, ...trailers }, { endStream: true });
    }
  }

  private send(): void {
    if (this.gathered === 0) return;
    const chunk = Buffer.concat(this.frames, this.gathered);
    this.frames = [];
    this.gathered = 0;
    if (this.closed || this.stream.destroyed) return;
    if (!this.stream.headersSent) this.stream.respond(HEADERS, { waitForTrailers: true });
    this.stream.write(chunk);
  }

  private close(): void {
    this.closed = true;
    this.wake();
    for (const done of this.onClose) done();
  }

  private wake(): void {
    const { resume } = this;
    this.resume = null;
    resume?.();
  }
}

/** Reads the one message of a unary call and answers it with one. */
export function answerOne(
  call: GrpcCall,
  answer: (request: Buffer) => Buffer | Promise<Buffer>,
): void {
  let request: Buffer = Buffer.alloc(0);
  const respond = async (): Promise<void> => {
    await call.write(await answer(request));
    call.end();
  };
  call.receive(
    (message) => {
      request = message;
    },
    () => {
      respond().catch((error: unknown) => call.fail(asWireError(error)));
    },
  );
}
