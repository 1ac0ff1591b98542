import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What the server does with a connection once a whole request head has come in. */
export type Misbehaviour = (socket: Socket, request: string) => void;

/** A server of raw bytes: it can do what no HTTP server would. Token calls are answered as they should be. */
export class MisbehavingServer {
  /** Requests other than for a token that were read. */
  calls = 0;
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private misbehaviour: Misbehaviour,
  ) {}

  static async start(misbehaviour: Misbehaviour): Promise<MisbehavingServer> {
    const server = createServer();
    const misbehaving = new MisbehavingServer(server, misbehaviour);
    server.on('connection', (socket) => misbehaving.serve(socket));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return misbehaving;
  }

  behave(misbehaviour: Misbehaviour): void {
    this.misbehaviour = misbehaviour;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get tokenUrl(): string {
    return `${this.url}/token`;
  }

  get transactionsUrl(): string {
    return `${this.url}/transactions`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    // The other side cuts connections on purpose here.
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    let read = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      read += chunk;
      const head = /^([\s\S]*?)\r\n\r\n/.exec(read)?.[1];
      const length = Number(/content-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
      if (head === undefined || read.length < head.length + 4 + length) return;
      const request = read;
      read = '';
      if (request.startsWith('POST /token')) socket.write(TOKEN);
      else {
        this.calls += 1;
        this.misbehaviour(socket, request);
      }
    });
  }
}

/** A whole HTTP answer with its length. */
export const httpAnswer = (body: string, status = '200 OK', headers = ''): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

const TOKEN = httpAnswer('{"access_token":"made-up-token","token_type":"Bearer","expires_in":300}');

export const NOTHING_FOUND = httpAnswer(
  '{"httpStatus":{"statusCode":"70001"},"dataResponse":null}',
);
