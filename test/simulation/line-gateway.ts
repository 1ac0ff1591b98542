import {
  type BankCapabilities,
  type BankCredential,
  BankGateway,
  type Listing,
  type LookUp,
  type Readiness,
} from '../../src/bank-gateway/bank-gateway.port.js';
import { BankLine } from '../../src/bank-gateway/bank-line.js';
import type { BankSetup } from '../../src/bank-gateway/bank-setup.js';
import { AccessTokens } from '../../src/bank-gateway/http/access-token.js';
import type { BankReply } from '../../src/bank-gateway/http/bank-reply.js';
import type { Authorization } from '../../src/bank-gateway/http/call-authorization.js';
import type { IssuedToken } from '../../src/bank-gateway/http/token-call.js';
import type { AskPermits } from '../../src/bank-gateway/permits/ask-permits.js';
import type { GatewayClosures } from '../../src/bank-gateway/permits/gateway-closures.port.js';
import type { PermitLog } from '../../src/bank-gateway/permits/permit-log.port.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { RandomSource } from '../../src/kernel/ids.js';
import type { AskResult } from '../../src/matching/bank-answer.js';
import { Secret } from '../../src/platform/config/secret.js';
import { InMemoryRawAnswers } from '../support/in-memory-raw-answers.js';
import { NoMeter } from './no-meter.js';
import type { SimulatedWire } from './simulated-wire.js';

export interface LineParts {
  readonly setup: BankSetup;
  readonly wire: Pick<SimulatedWire, 'send' | 'waitMs'>;
  readonly permits: PermitLog;
  readonly closures: GatewayClosures;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The real line and adapter of one bank behind the port, over a wire of virtual time. */
export class LineGateway extends BankGateway {
  private readonly line: BankLine;

  constructor(private readonly parts: LineParts) {
    super();
    const { setup, wire, clock, random, permits, closures } = parts;
    const tokens = new SimulatedTokenCall(setup, wire);
    const never = new AbortController().signal;
    this.line = new BankLine(setup.line, {
      credential: setup.credential,
      client: wire,
      authorization: new AccessTokens(tokens, clock, random, never),
      permits,
      closures,
      clock,
      meter: new NoMeter(),
      rawAnswers: new InMemoryRawAnswers(),
    });
  }

  credentials(): readonly BankCredential[] {
    return [this.parts.setup.credential];
  }

  capabilities(): BankCapabilities {
    return this.parts.setup.adapter.capabilities;
  }

  serves(bank: string): boolean {
    return this.capabilities().bank === bank;
  }

  prepare(_credentialId: string, signal: AbortSignal): Promise<Readiness> {
    return this.line.prepare(signal);
  }

  lookUp(ask: LookUp, signal: AbortSignal): Promise<AskResult> {
    const question = this.parts.setup.adapter.lookUp(ask.claim, ask.on, ask.askId);
    const { askId, transactionId, permit } = ask;
    if (question === null) return this.line.declined(permit);
    return this.line.ask(question, { askId, operation: 'look_up', transactionId, permit }, signal);
  }

  listMovements(ask: Listing, signal: AbortSignal): Promise<AskResult> {
    const question = this.parts.setup.adapter.list(ask.account, ask.from, ask.to, ask.askId);
    const { askId, permit } = ask;
    if (question === null) return this.line.declined(permit);
    const opening = { askId, operation: 'sweep' as const, transactionId: null, permit };
    return this.line.ask(question, opening, signal);
  }
}

/** A token call in the bank's words. The library of the real one waits for real, so it has no place here. */
class SimulatedTokenCall {
  constructor(
    private readonly setup: BankSetup,
    private readonly wire: Pick<SimulatedWire, 'send'>,
  ) {}

  async request(
    permits: AskPermits,
    signal: AbortSignal,
  ): Promise<IssuedToken | Exclude<Authorization, { outcome: 'granted' }>> {
    const { authorization } = this.setup;
    if (authorization.by !== 'token') throw new Error('only tokens are simulated');
    const { tokenUrl, clientId, clientSecret } = authorization.grant;
    const [id, secret] = [clientId.reveal(), clientSecret.reveal()];
    const form = new URLSearchParams({
      grant_type: 'password',
      username: id,
      password: secret,
      client_id: id,
      client_secret: secret,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await this.wire.send(
      { endpoint: 'token', url: tokenUrl, method: 'POST', headers, body: form.toString() },
      permits,
      signal,
    );
    if (reply.kind === 'not_sent' && reply.reason === 'no_permit') {
      return { outcome: 'wait', waitMs: permits.nextFreeInMs };
    }
    return tokenIn(reply);
  }
}

/** RFC 6749, 5.2: what says that the client is not welcome; anything else may be asked again. */
const REFUSALS =
  /^(invalid_client|invalid_grant|invalid_scope|unauthorized_client|unsupported_grant_type)$/;

function tokenIn(reply: BankReply): IssuedToken | Exclude<Authorization, { outcome: 'granted' }> {
  if (reply.kind !== 'answered') return { outcome: 'failed', reply };
  try {
    const said = JSON.parse(reply.body.toString('utf8')) as Record<string, unknown>;
    const why = said['error'];
    if (typeof why === 'string') {
      return REFUSALS.test(why) ? { outcome: 'refused', why } : { outcome: 'failed', reply };
    }
    const { access_token: token, expires_in: seconds } = said;
    if (typeof token !== 'string') return { outcome: 'failed', reply };
    const expiresInSeconds = typeof seconds === 'number' ? seconds : null;
    return { outcome: 'issued', value: new Secret(token), expiresInSeconds };
  } catch {
    return { outcome: 'failed', reply };
  }
}
