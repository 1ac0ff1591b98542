import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** A verdict as a webhook tells it; only what the local run looks at. */
export interface ToldVerdict {
  readonly transactionId: string;
  /** Such as `transaction.verified`. */
  readonly type: string;
  readonly reason: string | null;
  readonly externalId: string;
}

interface Message {
  readonly id: string;
  readonly type: string;
  readonly data: {
    readonly transaction: {
      readonly id: string;
      readonly status_reason: string | null;
      readonly external_id: string;
    };
  };
}

const LARGEST_BODY_BYTES = 65_536;
// More than a run of the samples brings; a message is not repeated after so many others.
const MOST_IDS = 10_000;
const LOOK_EVERY_MS = 100;

/** Null when it is larger than any message. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end all the same: whoever stops reading cuts the connection instead of answering.
    if (bytes <= LARGEST_BODY_BYTES) chunks.push(chunk);
  }
  return bytes > LARGEST_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8');
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );

/** The merchant's side of the webhooks, as docs/webhooks.md describes it: the signature first, each message once. */
export class MerchantBackend {
  /** Messages that are not signed with our secret. */
  refused = 0;
  private secret: string | null = null;
  private readonly ids = new Set<string>();
  private readonly transactions = new Set<string>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private readonly hear: (verdict: ToldVerdict) => void,
  ) {
    server.on('request', (request: IncomingMessage, response) => {
      this.take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.destroy(),
      );
    });
  }

  /** Listens on this machine only. */
  static async listen(
    port: number,
    hear: (verdict: ToldVerdict) => void,
  ): Promise<MerchantBackend> {
    const server = createServer().listen({ host: '127.0.0.1', port });
    await once(server, 'listening');
    const address = server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : port;
    return new MerchantBackend(server, `http://127.0.0.1:${taken}/webhooks`, hear);
  }

  /** What the API showed when the endpoint was made; until then nothing can be believed. */
  trust(secret: string): void {
    this.secret = secret;
  }

  /** How many of the transactions it was told about; waits for all of them, within bounds. */
  async toldOf(transactionIds: readonly string[], withinMs: number): Promise<number> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const told = transactionIds.filter((id) => this.transactions.has(id)).length;
      if (told === transactionIds.length || performance.now() > deadline) return told;
      await delay(LOOK_EVERY_MS);
    }
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage): Promise<number> {
    if (request.method !== 'POST') return 405;
    const body = await bodyOf(request);
    if (body === null) return 413;
    if (this.secret === null) return 503;
    try {
      this.remember(new Webhook(this.secret).verify(body, headersOf(request)) as Message);
      return 204;
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
      this.refused += 1;
      return 401;
    }
  }

  private remember({ id, type, data: { transaction } }: Message): void {
    if (this.ids.has(id)) return;
    if (this.ids.size >= MOST_IDS) {
      this.ids.clear();
      this.transactions.clear();
    }
    this.ids.add(id);
    this.transactions.add(transaction.id);
    this.hear({
      transactionId: transaction.id,
      type,
      reason: transaction.status_reason,
      externalId: transaction.external_id,
    });
  }
}
