import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/eventually.js';
import { WebhookReceiver, type ReceivedWebhook } from '../support/webhook-receiver.js';
import type { HeardMessage } from './judge-messages.js';
import type { WholeProduct } from './whole-product.js';

const PATH = '/merchant';

/** A merchant's endpoint that lives through every kill and keeps what it hears, in the order it comes in. */
export class ListeningEndpoint {
  /** Listens, and tells the service that is running where. */
  static async open(product: WholeProduct): Promise<ListeningEndpoint> {
    const receiver = await WebhookReceiver.start();
    const body = { url: receiver.url(PATH) };
    const made = await product.call('POST', '/webhook-endpoints', body, {
      'idempotency-key': randomUUID(),
    });
    if (made?.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(made)}`);
    return new ListeningEndpoint(receiver, String(made.body['secret']));
  }

  readonly heard: HeardMessage[] = [];
  private readonly signature: Webhook;
  private readonly known = new Set<string>();
  private onTaken: (() => void) | null = null;

  private constructor(
    private readonly receiver: WebhookReceiver,
    secret: string,
  ) {
    this.signature = new Webhook(secret);
    receiver.behave(PATH, (call, response) => {
      const isTaken = this.note(call);
      if (isTaken) {
        this.onTaken?.();
        this.onTaken = null;
      }
      response.writeHead(isTaken ? 204 : 500).end();
    });
  }

  /** Does something as soon as a message is taken, before its sender can know that it was. */
  async atNextTaken(act: () => Promise<void>, withinMs: number): Promise<void> {
    const acting: Promise<void>[] = [];
    this.onTaken = () => void acting.push(act());
    await eventually(() => acting.length > 0, { withinMs });
    await Promise.all(acting);
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  /** Refuses about one message in eight when it comes first, so that tries that fail are among what is killed. */
  private note({ headers, body, message }: ReceivedWebhook): boolean {
    const { transaction, sequence } = message.data as {
      readonly transaction: { readonly id: string };
      readonly sequence: number;
    };
    const isTaken = this.known.has(message.id) || !/[01]$/.test(message.id);
    this.known.add(message.id);
    this.heard.push({
      transactionId: transaction.id,
      sequence,
      type: message.type,
      isTaken,
      isSigned: this.isSigned(body, headers),
    });
    return isTaken;
  }

  private isSigned(body: string, headers: Record<string, string>): boolean {
    try {
      this.signature.verify(body, headers);
      return true;
    } catch {
      return false;
    }
  }
}
