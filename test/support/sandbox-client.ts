import { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import type {
  BankRules,
  CallLimit,
  SandboxBankOptions,
} from '../../src/stand-ins/sandbox-bank/bank-options.js';

export const CLIENT_ID = 'sandbox-client';
export const CLIENT_SECRET = 'made-up secret: with+colon';
export const ACCOUNT = '01340001600000000017';

/** An answer with its body as text, and as JSON where it is JSON. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

interface Spelled {
  readonly httpStatus: { readonly statusCode: string | number; readonly statusDesc: string };
  readonly dataResponse: { readonly transactionDetail: readonly Record<string, unknown>[] } | null;
}

/** A client of the sandbox bank that a spec wrote itself, with nothing of our adapter in it. */
export class SandboxClient {
  private token = '';

  constructor(
    readonly bank: {
      readonly url: string;
      readonly tokenUrl: string;
      readonly transactionsUrl: string;
    },
  ) {}

  /** A bank of its own for one spec, with no limit unless the spec names one. */
  static async start(
    options: Partial<Omit<SandboxBankOptions, 'limit' | 'rules'>> & {
      readonly limit?: Partial<CallLimit>;
      readonly rules?: Partial<BankRules>;
    } = {},
  ): Promise<{ bank: SandboxBank; client: SandboxClient }> {
    const bank = await SandboxBank.start({
      port: 0,
      flavour: 'qa',
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      accounts: [ACCOUNT],
      ...options,
      limit: { calls: 0, windowMs: 60_000, countTokenCalls: true, ...options.limit },
    });
    return { bank, client: new SandboxClient(bank) };
  }

  /** Asks for a token as the bank wants it: the client is its own resource owner. */
  async logIn(form: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const reply = await send(this.bank.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'password',
        username: CLIENT_ID,
        password: CLIENT_SECRET,
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        ...form,
      }),
    });
    this.token = typeof reply.json['access_token'] === 'string' ? reply.json['access_token'] : '';
    return reply;
  }

  /** Sends `transaction` in the bank's envelope. */
  ask(transaction: object, url = this.bank.transactionsUrl): Promise<Reply> {
    return send(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        dataRequest: {
          device: { type: 'Server', description: 'spec', ipAddress: '127.0.0.1' },
          securityAuth: { sessionId: '' },
          transaction,
        },
      }),
    });
  }

  admin(method: string, path: string, body?: unknown): Promise<Reply> {
    return send(`${this.bank.url}/admin/${path}`, {
      method,
      headers: { 'x-sandbox-admin': '1' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async state(): Promise<Record<string, unknown>> {
    return (await this.admin('GET', 'state')).json;
  }
}

export const codeOf = (reply: Reply): string =>
  String((reply.json as unknown as Spelled).httpStatus.statusCode);

export const rowsOf = (reply: Reply): readonly Record<string, unknown>[] =>
  (reply.json as unknown as Spelled).dataResponse?.transactionDetail ?? [];

export async function send(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  let json: Record<string, unknown> = {};
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Some answers are meant not to be JSON.
  }
  return { status: response.status, headers: response.headers, text, json };
}
