import type { CommandBus } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../src/access/caller.decorator.js';
import type { CommandContext } from '../../src/platform/event-store/command-runner.js';
import type { SubmittedTransaction } from '../../src/transactions/domain/transaction.js';
import { CorrectTransaction } from '../../src/transactions/correct-transaction/correct-transaction.command.js';
import {
  DecideTransaction,
  type PersonsChoice,
} from '../../src/transactions/decide-transaction/decide-transaction.command.js';
import { RequestVerification } from '../../src/transactions/request-verification/request-verification.command.js';
import type { Dice } from './dice.js';
import type { Balancer } from './merchant-backend.js';
import type { VirtualTime } from './virtual-time.js';

/** What people see before they act. */
export interface PeopleSee {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly balancer: Balancer;
  /** Every transaction that was taken. */
  readonly transactions: () => readonly SubmittedTransaction[];
}

const MOST_ACTS = 30;

const EVERYBODY: Pick<CallerIdentity, 'mode' | 'permissions'> = {
  mode: 'live',
  permissions: new Set<string>(),
};

/**
 * Merchants that hurry or correct a claim, and staff that decides: at any moment, about anything, on what is seen then.
 * Refusals are part of it; the judge says whether anything came of it that must not.
 */
export class People {
  /** The transactions that somebody changed: they may end otherwise than they would have. */
  readonly touched = new Set<string>();
  private acts = 0;

  constructor(private readonly world: PeopleSee) {}

  /** In half of all worlds, up to so many times. */
  start(withinMs: number): void {
    const { time, dice } = this.world;
    const acts = dice.chance(0.5) ? dice.between(1, MOST_ACTS) : 0;
    for (let act = 0; act < acts; act += 1) {
      time.after(dice.between(0, withinMs), () => void this.act());
    }
  }

  private async act(): Promise<void> {
    const { dice, balancer, transactions } = this.world;
    const [first, ...others] = transactions();
    const bus = balancer();
    if (first === undefined || bus === null) return;
    const seen = dice.pick([first, ...others]);
    this.acts += 1;
    const doing = dice.pick(['hurry', 'correct', 'decide', 'decide'] as const);
    try {
      if (doing === 'hurry') await this.hurry(bus, seen);
      else if (doing === 'correct') await this.correct(bus, seen);
      else await this.decide(bus, seen);
    } catch {
      // Refused, or somebody was faster: the transaction is as the log says.
    }
  }

  private async hurry(bus: CommandBus, { claim }: SubmittedTransaction): Promise<void> {
    const { transactionId, merchantId } = claim;
    const request = { transactionId, caller: merchant(merchantId), idempotencyKey: this.key() };
    await bus.execute(new RequestVerification(request, this.context()));
  }

  /** A merchant thinks that it took down another amount, and seldom is right. */
  private async correct(bus: CommandBus, seen: SubmittedTransaction): Promise<void> {
    const { transactionId, merchantId, amountMinor } = seen.claim;
    this.touched.add(transactionId);
    const amendment = { claim: { amountMinor: amountMinor + 1 }, payer: {} };
    const request = {
      transactionId,
      caller: merchant(merchantId),
      amendment,
      reason: null,
      seenVersion: seen.version,
      idempotencyKey: this.key(),
    };
    await bus.execute(new CorrectTransaction(request, this.context()));
  }

  private async decide(bus: CommandBus, seen: SubmittedTransaction): Promise<void> {
    const choice = this.choiceFor(seen);
    if (choice === null) return;
    const { transactionId } = seen.claim;
    this.touched.add(transactionId);
    const request = {
      transactionId,
      caller: { actor: 'user:simulated', merchantId: null, ...EVERYBODY },
      choice,
      reason: 'made up',
      seenVersion: seen.version,
      idempotencyKey: this.key(),
    };
    await bus.execute(new DecideTransaction(request, this.context()));
  }

  /** Only a movement of the claimed amount is chosen, so that the judge can tell right from wrong. */
  private choiceFor({ status, evidence, claim }: SubmittedTransaction): PersonsChoice | null {
    const { dice } = this.world;
    switch (status) {
      case 'needs_review': {
        const fitting = evidence.find(
          ({ amountMinor, direction }) =>
            amountMinor === claim.amountMinor && direction === 'credit',
        );
        const verify = fitting && { act: 'verify' as const, movementKey: fitting.movementKey };
        return dice.pick([{ act: 'reject' }, { act: 'ask_again' }, verify ?? { act: 'reject' }]);
      }
      case 'verified':
        return dice.pick([{ act: 'reverse' }, { act: 'reopen' }]);
      case 'rejected':
      case 'reversed':
        return { act: 'reopen' };
      default:
        return null;
    }
  }

  private key(): string {
    return `act ${this.acts}`;
  }

  private context(): CommandContext {
    const requestId = this.key();
    const [correlationId, causationId] = [requestId, requestId];
    return { actor: 'simulated', requestId, correlationId, causationId, traceId: null };
  }
}

const merchant = (merchantId: string): CallerIdentity => ({
  actor: 'api_key:simulated',
  merchantId,
  ...EVERYBODY,
});
