// Clients of the live updates, as merchants have them: one of the stream, one of the socket.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { eventually } from './eventually.js';

/** What a client was sent; `id` is the place in the log, null where there is none. */
export interface Heard {
  readonly id: string | null;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const PATIENT = { everyMs: 20 };

abstract class LiveClient {
  readonly heard: Heard[] = [];

  /** The messages about transactions, in the order in which they came. */
  get told(): readonly Heard[] {
    return this.heard.filter(({ type }) => type.startsWith('transaction.'));
  }

  get lastId(): string {
    return this.heard.findLast(({ id }) => id !== null)?.id ?? '';
  }

  /** Waits until something of a type was heard, and gives the last of it. */
  hears(type: string): Promise<Heard> {
    return eventually(() => {
      const found = this.heard.findLast((one) => one.type === type);
      if (found === undefined) {
        throw new Error(`heard only ${this.heard.map((one) => one.type).join()}`);
      }
      return found;
    }, PATIENT);
  }

  /** Waits until so many messages about transactions were heard. */
  async hearsSoMany(count: number): Promise<readonly Heard[]> {
    await eventually(() => {
      if (this.told.length < count) throw new Error(`heard ${this.told.length} of ${count}`);
    }, PATIENT);
    return this.told;
  }
}

/** A reader of `text/event-stream`, on a connection of its own that nothing else uses. */
export class StreamClient extends LiveClient {
  static async open(
    url: string,
    key: string | undefined,
    { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
  ): Promise<StreamClient> {
    const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const sent = get(`${url}/api/v1/stream${query}`, {
      headers: { ...authorization, ...headers },
      agent: false,
    });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return new StreamClient(response);
  }

  /** How often the stream showed that it is alive. */
  beats = 0;
  ended = false;
  private readonly reading: Promise<void>;

  private constructor(private readonly response: IncomingMessage) {
    super();
    this.reading = this.read();
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  /** Hangs up. */
  async leave(): Promise<void> {
    this.response.destroy();
    await this.reading;
  }

  async untilEnded(): Promise<void> {
    await eventually(() => this.ended, PATIENT);
  }

  private async read(): Promise<void> {
    let text = '';
    try {
      for await (const part of this.response.setEncoding('utf8')) {
        text += String(part);
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Cut off, by us or by the other side.
    }
    this.ended = true;
  }

  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
        return [name, value];
      }),
    );
    const type = fields.get('event');
    if (type === undefined) {
      this.beats += 1;
      return;
    }
    const data = JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>;
    this.heard.push({ id: fields.get('id') ?? null, type, data });
  }
}

/** A client of the WebSocket. */
export class SocketClient extends LiveClient {
  /** As a program connects; `key` as a page would offer it when `offered`. */
  static async open(
    url: string,
    key: string | undefined,
    { query = '', offered = false, origin = '', answersPings = true } = {},
  ): Promise<SocketClient> {
    const protocols = offered ? ['constancia.v1', `bearer.${key}`] : ['constancia.v1'];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws${query}`, protocols, {
      autoPong: answersPings,
      headers: {
        ...(offered || key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(origin === '' ? {} : { origin }),
      },
    });
    const client = new SocketClient(socket);
    await client.settled;
    return client;
  }

  /** The code and the words it was closed with; null while it is open. */
  closed: { readonly code: number; readonly reason: string } | null = null;
  /** The status of a handshake that was refused. */
  refused: number | null = null;
  private readonly settled: Promise<void>;

  private constructor(readonly socket: WebSocket) {
    super();
    this.settled = new Promise((resolve) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_, response) => {
        this.refused = response.statusCode ?? 0;
        response.resume();
        socket.terminate();
        resolve();
      });
      socket.on('error', () => resolve());
    });
    socket.on('message', (data: Buffer) => {
      const {
        type,
        data: said,
        position,
      } = JSON.parse(data.toString('utf8')) as {
        type: string;
        data: Record<string, unknown>;
        position?: string;
      };
      this.heard.push({ id: position ?? null, type, data: said });
    });
    socket.once('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    return eventually(() => {
      if (this.closed === null) throw new Error('the socket is open');
      return this.closed;
    }, PATIENT);
  }

  leave(): void {
    this.socket.terminate();
  }
}
