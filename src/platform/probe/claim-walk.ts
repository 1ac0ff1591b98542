import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../kernel/clock.js';

const ANSWERS_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
// Its subscriber part is all fives; banks look a Pago Móvil up by it.
const NOBODYS_PHONE = '04125555555';

/** Whose claim is walked, and where. */
export interface WalkedMerchant {
  readonly url: string;
  readonly apiKey: string;
  readonly receivingAccountId: string;
}

/** How the money is said to have come; a bank looks a Pago Móvil up by the phone, a transfer by the bank it came from. */
export interface WalkedPayment {
  readonly kind: string;
  readonly originBank: string;
  readonly phone: string;
}

/** A Pago Móvil of nobody, which no bank knows. */
export const NOBODYS_PAYMENT: WalkedPayment = {
  kind: 'pago_movil',
  originBank: '0102',
  phone: NOBODYS_PHONE,
};

export interface WalkedClaim {
  /** Left out: a payment of nobody. */
  readonly payment?: WalkedPayment;
  readonly reference: string;
  readonly amount: number;
  readonly paidOn: string;
  /** The status to wait for; null when the bank is not expected to say anything. */
  readonly verdict: string | null;
  readonly withinMs: number;
  /** Whether finance is asked for the day's totals, which a test key may not. */
  readonly totals: boolean;
}

/** A step of the walk that did not go as it must; the message is meant for a person. */
export class WalkFailed extends Error {
  override name = 'WalkFailed';
}

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Walks one claim over HTTP as a merchant's backend does: taken, repeated, doubled, read, judged and counted. */
export class ClaimWalk {
  constructor(
    private readonly merchant: WalkedMerchant,
    private readonly clock: Clock,
  ) {}

  /** Tells each step that went well. @throws WalkFailed at the first that did not */
  async *walk(claim: WalkedClaim, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    const body = this.bodyOf(claim);
    const taken = await this.call('POST', '/api/v1/transactions', signal, body);
    expect('a claim is taken', taken.status, 202);
    const id = String(taken.body['id']);
    yield `taken as ${id}`;

    const again = await this.call('POST', '/api/v1/transactions', signal, body);
    expect('the same claim is the same transaction', [again.status, again.body['id']], [200, id]);
    expect('the repeat is said to be one', again.replayed, true);
    yield 'the same claim again is the same transaction';

    const other = { ...body, amount: claim.amount + 1 };
    const refused = await this.call('POST', '/api/v1/transactions', signal, other);
    const { code, transaction_id: named } = refused.body;
    const conflict = [409, 'duplicate_reference', id];
    expect('another amount is a duplicate', [refused.status, code, named], conflict);
    yield 'another amount under the same reference is refused, and names it';

    const path = `/api/v1/transactions/${id}`;
    expect('it can be read', (await this.call('GET', path, signal)).status, 200);
    if (claim.verdict !== null) yield await this.awaitVerdict(path, claim, signal);
    if (claim.totals) yield await this.readTotals(claim, signal);
  }

  private async awaitVerdict(
    path: string,
    { verdict, withinMs }: WalkedClaim,
    signal: AbortSignal,
  ): Promise<string> {
    const beganMs = this.clock.monotonicMs();
    for (;;) {
      const { status } = (await this.call('GET', path, signal)).body;
      const waitedMs = this.clock.monotonicMs() - beganMs;
      if (status === verdict) return `${verdict} after ${(waitedMs / 1_000).toFixed(1)} s`;
      if (waitedMs > withinMs || signal.aborted) {
        const waited = `${Math.round(waitedMs / 1_000)} s`;
        throw new WalkFailed(
          `it is ${String(status)} after ${waited}, not ${verdict}: ${path}/explain`,
        );
      }
      await this.clock.pause(LOOK_EVERY_MS, signal);
    }
  }

  private async readTotals({ paidOn }: WalkedClaim, signal: AbortSignal): Promise<string> {
    const path = `/api/v1/finance/daily-totals?from=${paidOn}&to=${paidOn}`;
    const { status, body } = await this.call('GET', path, signal);
    expect('the totals can be read', status, 200);
    const rows = Array.isArray(body['data']) ? body['data'].length : 0;
    return `the totals of ${paidOn} have ${rows} rows`;
  }

  private bodyOf(claim: WalkedClaim): Record<string, unknown> {
    const { reference, amount, paidOn, payment = NOBODYS_PAYMENT } = claim;
    return {
      external_id: `walk-${reference}`,
      kind: payment.kind,
      receiving_account_id: this.merchant.receivingAccountId,
      origin_bank: payment.originBank,
      reference,
      amount,
      currency: 'VES',
      paid_on: paidOn,
      payer: { phone: payment.phone },
    };
  }

  private async call(
    method: string,
    path: string,
    signal: AbortSignal,
    body?: unknown,
  ): Promise<Answer> {
    const { url, apiKey } = this.merchant;
    try {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, this.clock.timeout(ANSWERS_WITHIN_MS)]),
      });
      const read = (await response.json()) as Record<string, unknown>;
      const replayed = response.headers.get('idempotency-replayed') === 'true';
      return { status: response.status, replayed, body: read };
    } catch (cause) {
      throw new WalkFailed(`${method} ${path} has no answer`, { cause });
    }
  }
}

function expect(what: string, found: unknown, expected: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new WalkFailed(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
}
