import type { Clock } from '../../kernel/clock.js';
import { localDateAt } from '../../kernel/local-date.js';
import type { RandomSource } from '../../kernel/ids.js';
import type { BankOutcome } from '../../matching/bank-answer.js';
import type { BankSetup } from '../bank-setup.js';
import { exchange } from '../exchange.js';
import { ApiKey } from '../http/api-key.js';
import { BankHttpClient } from '../http/bank-http-client.js';
import type { BankMeter } from '../http/bank-meter.js';
import { RateLimiter } from '../http/rate-limiter.js';
import { TokenCall } from '../http/token-call.js';
import { AskPermits } from '../permits/ask-permits.js';
import type { PermitLog, PermitRequest } from '../permits/permit-log.port.js';
import { grantWith } from './authorization-of.js';
import type { BankSecret } from './bank-secrets.port.js';

export interface TrialParts {
  readonly permits: PermitLog;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly meter: BankMeter;
}

/** `unknown`: the bank could not be asked, or gave no answer that says whether it takes them. */
export type TrialOutcome = 'accepted' | 'refused' | 'unknown';

/** Answers that only a caller whom the bank knows gets. */
const KNOWN_CALLER: ReadonlySet<BankOutcome> = new Set([
  'found',
  'not_visible_yet',
  'range_too_large',
  'invalid_query',
]);

/**
 * Shows secrets to the bank before they are put in force: asks for a token, or lists an account of today where the bank
 * knows callers by a key. It is a call like any other and takes its permit, and closes nothing when it is refused.
 */
export class CredentialTrial {
  private readonly client: BankHttpClient;

  constructor(
    private readonly setup: BankSetup,
    private readonly parts: TrialParts,
  ) {
    const { clock, random, meter } = parts;
    const limiter = new RateLimiter(setup.limiter);
    this.client = new BankHttpClient(setup.http, { clock, random, meter, limiter });
  }

  /** `account` is needed where the bank knows callers by a key. */
  async of(secret: BankSecret, account: string | null, signal: AbortSignal): Promise<TrialOutcome> {
    try {
      return await (secret.by === 'token'
        ? this.token(secret, signal)
        : this.listing(secret, account, signal));
    } finally {
      this.client.close();
    }
  }

  private async token(secret: BankSecret, signal: AbortSignal): Promise<TrialOutcome> {
    const { authorization } = this.setup;
    if (authorization.by !== 'token') return 'refused';
    const call = new TokenCall(this.client, grantWith(authorization.grant, secret));
    const { outcome } = await call.request(this.permitsFor('token'), signal);
    if (outcome === 'issued') return 'accepted';
    return outcome === 'refused' ? 'refused' : 'unknown';
  }

  private async listing(
    secret: Extract<BankSecret, { by: 'api_key' }>,
    account: string | null,
    signal: AbortSignal,
  ): Promise<TrialOutcome> {
    const { authorization, adapter } = this.setup;
    if (authorization.by !== 'api_key') return 'refused';
    const { clock, random, meter } = this.parts;
    const today = localDateAt(clock.now());
    const question = account === null ? null : adapter.list(account, today, today, random.uuid());
    if (question === null) return 'unknown';
    const calls = this.permitsFor('sweep');
    const key = new ApiKey({ ...authorization.apiKey, key: secret.key });
    const parts = { client: this.client, authorization: key, meter };
    const { answer } = await exchange(question, parts, { calls, tokens: calls }, signal);
    if (answer.outcome === 'credentials_refused') return 'refused';
    return KNOWN_CALLER.has(answer.outcome) ? 'accepted' : 'unknown';
  }

  private permitsFor(operation: PermitRequest['operation']): AskPermits {
    const { credential, limits, line } = this.setup;
    const { permits: log, clock } = this.parts;
    const { credentialId } = credential;
    const callDeadlineMs = line.wholeMs;
    const request = { credentialId, operation, transactionId: null, callDeadlineMs };
    // The service may have taken what this window allows: the next one is waited for.
    return new AskPermits({ log, clock, request, handed: null, waitMs: 2 * limits.windowMs });
  }
}
