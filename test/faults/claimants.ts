import { setTimeout as delay } from 'node:timers/promises';
import { PAID_ON, PHONE } from '../support/running-system.js';
import type { WholeProduct } from './whole-product.js';

const PAUSE_MS = 120;
const AMOUNT = 124_050;
/** Every so many claims, somebody else claims the same movement by the tail of its reference. */
const CONTESTED_EVERY = 4;
const TAIL_DIGITS = 8;

/** Merchants' backends that submit claim after claim, each until it is acknowledged, whatever happens. */
export class Claimants {
  /** What was acknowledged: the reference that was claimed, and the transaction that carries it. */
  readonly acknowledged = new Map<string, string>();
  /** References that were acknowledged under two different ids. */
  readonly answeredTwice: string[] = [];
  private next = 0;
  private readonly stopping = new AbortController();
  private working: Promise<unknown> = Promise.resolve();

  constructor(private readonly product: WholeProduct) {}

  start(count: number): void {
    this.working = Promise.all(Array.from({ length: count }, () => this.work()));
  }

  /** Lets each finish the claim it has begun. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.next += 1;
      const reference = String(10_000_000_000 + this.next);
      await this.product.addCredit(reference, AMOUNT);
      await this.submit(reference);
      if (this.next % CONTESTED_EVERY === 0) await this.submit(reference.slice(-TAIL_DIGITS));
      await delay(PAUSE_MS);
    }
  }

  private async submit(reference: string): Promise<void> {
    for (;;) {
      const answer = await this.product.call('POST', '/transactions', {
        external_id: `order-${reference}`,
        kind: 'pago_movil',
        receiving_account_id: this.product.receivingAccountId,
        origin_bank: '0102',
        reference,
        amount: AMOUNT,
        currency: 'VES',
        paid_on: PAID_ON,
        payer: { phone: PHONE, document: 'V12345678', name: 'Cliente de prueba' },
      });
      // No answer, or a 5xx, says nothing about the claim: the same one is submitted again.
      if (answer?.status === 202 || answer?.status === 200) {
        this.note(reference, String(answer.body['id']));
        return;
      }
      if (answer !== null && answer.status < 500 && answer.status !== 429) {
        throw new Error(`a claim was refused: ${JSON.stringify(answer.body)}`);
      }
      await delay(PAUSE_MS);
    }
  }

  private note(reference: string, id: string): void {
    const known = this.acknowledged.get(reference);
    if (known !== undefined && known !== id) this.answeredTwice.push(reference);
    this.acknowledged.set(reference, id);
  }
}
