import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '../../src/access/passwords/breached-passwords.js';

export interface RangeAsked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Answer = { readonly status: number; readonly body: string };

/** Answers ranges of hashes as the public list does: the rest of each hash and its count, padding counted nought, CRLF. */
export class HashRangesServer {
  readonly asked: RangeAsked[] = [];
  private instead: Answer | 'silence' | null = null;

  static async start(...breached: readonly string[]): Promise<HashRangesServer> {
    const server = new HashRangesServer(breached.map(digestOf));
    await new Promise<void>((listening) => server.server.listen(0, '127.0.0.1', listening));
    return server;
  }

  private readonly server: Server;

  private constructor(private readonly hashes: readonly string[]) {
    this.server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push({ path, headers: request.headers });
      if (this.instead === 'silence') return;
      const { status, body } = this.instead ?? { status: 200, body: this.rangeOf(path.slice(-5)) };
      response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/range`;
  }

  /** Null: answers as it should. */
  behave(instead: Answer | 'silence' | null): void {
    this.instead = instead;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private rangeOf(prefix: string): string {
    const known = this.hashes.filter((hash) => hash.startsWith(prefix));
    const padding = Array.from({ length: 800 }, (_, at) => `${digestOf(`${at}`).slice(5)}:0`);
    return [...known.map((hash) => `${hash.slice(5)}:42`), ...padding].sort().join('\r\n');
  }
}
