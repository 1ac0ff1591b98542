import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What arrived at a sink. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Takes whatever is sent to it over HTTP on loopback and keeps it, as a collector would. */
export class HttpSink {
  readonly received: Received[] = [];

  static async start(): Promise<HttpSink> {
    const sink = new HttpSink();
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const raw = Buffer.concat(parts);
        const isZipped = request.headers['content-encoding'] === 'gzip';
        this.received.push({
          path: request.url ?? '',
          headers: request.headers,
          body: (isZipped ? gunzipSync(raw) : raw).toString('utf8'),
        });
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
