import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of a webhook, as it came in. */
export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly message: {
    readonly id: string;
    readonly type: string;
    readonly data: Record<string, unknown>;
  };
}

/** What the receiver does with a call; answering nothing leaves the caller waiting. */
export type Behaviour = (call: ReceivedWebhook, response: ServerResponse) => void;

const ACCEPTS: Behaviour = (_, response) => void response.writeHead(204).end();

/** A merchant's backend on loopback: keeps every call, and answers as the test wants it to. */
export class WebhookReceiver {
  readonly calls: ReceivedWebhook[] = [];

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((listening) => receiver.server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  private readonly server: Server;
  private readonly behaviours = new Map<string, Behaviour>();

  private constructor() {
    this.server = createServer((request, response) => this.take(request, response));
  }

  /** An address of its own for every endpoint, with its own conduct. */
  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** From now on calls to a path are answered so. */
  behave(path: string, behaviour: Behaviour = ACCEPTS): void {
    this.behaviours.set(path, behaviour);
  }

  callsTo(path: string): readonly ReceivedWebhook[] {
    return this.calls.filter((call) => call.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      const path = request.url ?? '';
      const call = {
        path,
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        ),
        body,
        message: JSON.parse(body) as ReceivedWebhook['message'],
      };
      this.calls.push(call);
      (this.behaviours.get(path) ?? ACCEPTS)(call, response);
    });
  }
}
