import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin, isAdmin } from './admin-endpoint.js';
import { type Answer, deliver, json } from './answer.js';
import { Bank } from './bank.js';
import { PATHS, type SandboxBankOptions } from './bank-options.js';
import { Desk } from './desk.js';
import { readBody } from './request-body.js';
import { VenezuelaDesk } from './venezuela/venezuela-desk.js';
import { VENEZUELA_PATHS } from './venezuela/venezuela-options.js';

const MAX_BODY_BYTES = 64 * 1024;
// Movements come in bulk.
const MAX_ADMIN_BODY_BYTES = 32 * 1024 * 1024;
// Longer than a client's pause between calls at 2 a minute, so that its connection is still there.
const KEEP_ALIVE_MS = 120_000;

/** Two banks over HTTP, each with its own wire; they keep their limits strictly and can be told to fail. */
export class SandboxBank {
  private readonly stopping = new AbortController();
  private readonly desk: Desk;
  private readonly venezuela: VenezuelaDesk | null;

  private constructor(
    private readonly bank: Bank,
    private readonly server: Server,
    /** How many of the movements given at the start were new. */
    readonly movementsLoaded: number,
  ) {
    this.desk = new Desk(bank);
    this.venezuela = bank.venezuela === null ? null : new VenezuelaDesk(bank, bank.venezuela);
  }

  /** @throws Error when the port is taken or the directory cannot be used */
  static async start(options: SandboxBankOptions): Promise<SandboxBank> {
    const bank = new Bank(options);
    // Before the first call can arrive.
    const loaded = options.movements === undefined ? 0 : bank.load(options.movements).length;
    const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
    const sandbox = new SandboxBank(bank, server, loaded);
    server.on('request', (request, response) => void sandbox.serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE';
        reject(taken ? new Error(`port ${options.port} is taken`, { cause: error }) : error);
      });
      server.listen(options.port, '127.0.0.1', resolve);
    });
    return sandbox;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The origin, without a path. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get tokenUrl(): string {
    return `${this.url}${PATHS[this.bank.options.flavour].token}`;
  }

  get transactionsUrl(): string {
    return `${this.url}${PATHS[this.bank.options.flavour].api}`;
  }

  /** The addresses of the second bank; null when it was not asked for. */
  get venezuelaUrls(): {
    readonly bdv_look_up_url: string;
    readonly bdv_statement_url: string;
  } | null {
    if (this.venezuela === null) return null;
    const { lookUp, statement } = VENEZUELA_PATHS[this.bank.options.flavour];
    return {
      bdv_look_up_url: `${this.url}${lookUp}`,
      bdv_statement_url: `${this.url}${statement}`,
    };
  }

  get adminUrl(): string {
    return `${this.url}/admin`;
  }

  /** Cuts what is under way and closes. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await new Promise((closed) => {
      this.server.close(closed);
      this.server.closeAllConnections();
    });
    this.bank.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = new URL(request.url ?? '/', this.url).pathname;
      const answer = path.startsWith('/admin/')
        ? await this.admin(request, path)
        : await this.call(request, path);
      await deliver(answer, response, this.stopping.signal);
    } catch (error) {
      // A client that went away, or our own stop: nobody is left to answer.
      if (!response.destroyed && !this.stopping.signal.aborted) {
        response.destroy(error instanceof Error ? error : undefined);
      }
    }
  }

  private async admin(request: IncomingMessage, path: string): Promise<Answer> {
    const body = await readBody(request, MAX_ADMIN_BODY_BYTES);
    if (!isAdmin(request)) return json(403, { error: 'x-sandbox-admin: 1 is required' });
    if (body === null) return json(413, { error: 'body too large' });
    return answerAdmin(this.bank, request.method ?? '', path, body);
  }

  private async call(request: IncomingMessage, path: string): Promise<Answer> {
    const desk = this.venezuela?.serves(path) === true ? this.venezuela : this.desk;
    const arrival = desk.arrive(path);
    const { authorization, 'content-type': contentType = '', 'x-api-key': key } = request.headers;
    const body = await readBody(request, MAX_BODY_BYTES);
    const apiKey = Array.isArray(key) ? key[0] : key;
    const call = { method: request.method ?? '', path, authorization, apiKey, contentType, body };
    return desk.answer(call, arrival);
  }
}
