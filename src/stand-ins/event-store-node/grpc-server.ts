import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { GrpcCall } from './grpc-call.js';
import { CannotStart } from './log-file.js';
import { shuttingDown, unimplemented } from './wire-errors.js';

/** How one method is served. */
export type GrpcHandler = (call: GrpcCall) => void;

/** An upload of a few MiB must not wait for a window update every 64 KiB. */
const WINDOW_BYTES = 1024 * 1024;

/** Followers that do not read hold an answer each; node's own limit of 10 MB would refuse new calls. */
const SESSION_MEMORY_MB = 256;

/** How long calls may take to hear that the server stops. */
const GOODBYE_MS = 200;

/**
 * gRPC on node:http2. The generated definitions give the paths and the messages; serving them without
 * the gRPC library lets many answers leave in one write, which doubles what a busy node can take.
 */
export class GrpcServer {
  private readonly server = createServer({
    settings: { initialWindowSize: WINDOW_BYTES },
    maxSessionMemory: SESSION_MEMORY_MB,
  });
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly calls = new Set<GrpcCall>();

  private handlers: ReadonlyMap<string, GrpcHandler> = new Map();

  constructor() {
    this.server.on('connection', (socket: Socket) => socket.setNoDelay(true));
    this.server.on('session', (session) => this.accept(session));
    this.server.on('stream', (stream, headers) => this.serve(stream, headers));
  }

  /** Says what is served; everything else is answered with UNIMPLEMENTED. */
  use(handlers: ReadonlyMap<string, GrpcHandler>): void {
    this.handlers = handlers;
  }

  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.server.address() as AddressInfo;
    return { host: address, port };
  }

  /** Listens and answers the port. @throws CannotStart when it is taken */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error) => {
        const taken = 'code' in error && error.code === 'EADDRINUSE';
        const what = taken ? 'is taken.' : `cannot be listened on: ${error.message}`;
        reject(new CannotStart(`Port ${port} on ${host} ${what}`, { cause: error }));
      });
      this.server.listen(port, host, () => {
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more calls and tells those under way that the server is gone. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const call of this.calls) call.fail(shuttingDown());
    for (const session of this.sessions) session.close();
    const timer = setTimeout(() => {
      for (const call of this.calls) call.abort();
      setImmediate(() => {
        for (const session of this.sessions) session.destroy();
      });
    }, GOODBYE_MS);
    await closed;
    clearTimeout(timer);
  }

  private accept(session: ServerHttp2Session): void {
    this.sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES * 4);
    session.on('close', () => this.sessions.delete(session));
    // A connection that breaks ends its calls; nothing else is to be done about it.
    session.on('error', () => session.destroy());
  }

  private serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    if (!headers['content-type']?.startsWith('application/grpc')) {
      stream.respond({ ':status': 415 }, { endStream: true });
      return;
    }
    const call = new GrpcCall(stream, headers);
    this.calls.add(call);
    stream.on('close', () => this.calls.delete(call));
    const path = headers[':path'] ?? '';
    const handler = this.handlers.get(path);
    if (handler === undefined) call.fail(unimplemented(path));
    else handler(call);
  }
}
