import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin, isAdmin } from './admin-endpoint.js';
import { type Answer, coded, deliver, json, text } from './answer.js';
import { refusedToken } from './answer-scenarios.js';
import { Bank } from './bank.js';
import { isWithinHours } from './bank-clock.js';
import { PATHS, type SandboxBankOptions } from './bank-options.js';
import type { Arrival } from './call-window.js';
import { type Operation, type Reading, readQuery } from './query.js';
import { readBody } from './request-body.js';
import type { Scenario } from './scenario.js';

const MAX_BODY_BYTES = 64 * 1024;
// Movements come in bulk.
const MAX_ADMIN_BODY_BYTES = 32 * 1024 * 1024;
// Longer than a client's pause between calls at 2 a minute, so that its connection is still there.
const KEEP_ALIVE_MS = 120_000;

interface Outcome {
  readonly operation: Operation;
  readonly answer: Answer;
  readonly reference?: string | null;
  readonly scenario?: Scenario | null;
}

/** A bank over HTTP that speaks Banesco's wire, keeps its own limit strictly and can be told to fail. */
export class SandboxBank {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly bank: Bank,
    private readonly server: Server,
    /** How many of the movements given at the start were new. */
    readonly movementsLoaded: number,
  ) {}

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

  /** One call as the bank counts it: by its arrival, whatever becomes of it. */
  private async call(request: IncomingMessage, path: string): Promise<Answer> {
    const { bank } = this;
    const at = new Date(bank.clock.now().getTime() - bank.clock.offset).toISOString();
    const isToken = path === PATHS[bank.options.flavour].token;
    const arrival = this.arrive(isToken);
    const body = await readBody(request, MAX_BODY_BYTES);
    const outcome = this.outcome(request, path, body, arrival);
    bank.record({
      at,
      operation: outcome.operation,
      status: outcome.answer.status,
      breach: arrival.breach,
      reference: outcome.reference ?? null,
      scenario: outcome.scenario?.name ?? null,
    });
    return outcome.answer;
  }

  private arrive(isToken: boolean): Arrival {
    const { window, clock, options } = this.bank;
    return isToken && !options.limit.countTokenCalls
      ? { breach: false, retryAfterMs: 0 }
      : window.arrive(clock.monotonicMs());
  }

  private outcome(
    request: IncomingMessage,
    path: string,
    body: string | null,
    arrival: Arrival,
  ): Outcome {
    const { options, rules, clock } = this.bank;
    const isToken = path === PATHS[options.flavour].token;
    const isApi = path === PATHS[options.flavour].api && request.method === 'POST';
    const reading = isApi ? readQuery(parsed(body), rules) : null;
    const operation = isToken ? 'token' : operationOf(reading);
    if (arrival.breach) return { operation, answer: this.overLimit(arrival) };
    if (body === null) return { operation, answer: text(413, 'Request Entity Too Large') };
    if (rules.maintenance !== null && isWithinHours(clock.localTime(), rules.maintenance)) {
      return { operation, answer: coded('VRN04', options.flavour) };
    }
    if (isToken) return this.tokenCall(request, body);
    if (reading === null) return { operation, answer: this.unknownPath() };
    return this.apiCall(request, reading);
  }

  private tokenCall(request: IncomingMessage, body: string): Outcome {
    const { tokenEndpoint, movementsEndpoint, faults } = this.bank;
    const { authorization, 'content-type': type } = request.headers;
    const regular =
      request.method === 'POST'
        ? tokenEndpoint.answer(type ?? '', authorization, body)
        : text(405, 'Method Not Allowed');
    const scenario = faults.take('token');
    const answer = scenario?.answer?.(regular, movementsEndpoint.settings) ?? regular;
    return { operation: 'token', answer, scenario };
  }

  private apiCall(request: IncomingMessage, reading: Reading): Outcome {
    const { options, tokens, faults, movementsEndpoint } = this.bank;
    const operation = operationOf(reading);
    const authorized = tokens.accepts(request.headers.authorization);
    if (!authorized) return { operation, answer: refusedToken(options.flavour) };
    const scenario = faults.take(operation);
    if (reading.outcome === 'refused') {
      const refusal = coded(reading.code, options.flavour, fieldOf(reading));
      const answer = scenario?.answer?.(refusal, movementsEndpoint.settings) ?? refusal;
      return { operation, answer, scenario };
    }
    const { answer, spoiltBy } = movementsEndpoint.answer(reading.query, scenario);
    if (spoiltBy?.revokesTokens === true) tokens.revokeAll();
    const reference = reading.query.operation === 'range' ? null : reading.query.reference;
    return { operation, answer, reference, scenario: spoiltBy };
  }

  private overLimit(arrival: Arrival): Answer {
    const { options, rules } = this.bank;
    const answer = coded('VRN05', options.flavour);
    if (!rules.retryAfterOnLimit) return answer;
    const seconds = String(Math.max(1, Math.ceil(arrival.retryAfterMs / 1000)));
    return { ...answer, headers: { ...answer.headers, 'retry-after': seconds } };
  }

  private unknownPath(): Answer {
    return this.bank.options.flavour === 'production'
      ? text(404, 'No Mapping Rule matched')
      : text(404, 'Not Found');
  }
}

const operationOf = (reading: Reading | null): Operation => {
  if (reading === null) return 'unrecognised';
  return reading.outcome === 'query' ? reading.query.operation : reading.operation;
};

/** An empty result names no field: that it comes from a surplus one is for the client to find out. */
const fieldOf = (reading: { readonly code: string; readonly field: string }): string =>
  reading.code === '70001' ? '' : reading.field;

const parsed = (body: string | null): unknown => {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return null;
  }
};
