import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { uuidFrom } from '../../kernel/ids.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { CommandRunner, type CommandContext } from '../../platform/event-store/command-runner.js';
import { holdsKey, isGivenUp, keyTaken, reserveKey } from '../domain/correction.decisions.js';
import {
  MAX_OCCURRENCE,
  occurrenceOf,
  transactionIdOf,
  transactionStream,
  type NaturalKey,
} from '../domain/transaction-id.js';
import {
  transactionAggregate,
  type SubmittedTransaction,
  type Transaction,
} from '../domain/transaction.js';

// A correction takes its key a moment before it is written; one that never was (a crash) frees it after this.
const WITHOUT_CORRECTION_MS = 60_000;

/** Who holds the natural keys of claims that were corrected (product.md, wall 1). */
@Injectable()
export class ClaimedKeys {
  constructor(
    private readonly runner: CommandRunner,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes the key for a claim that is about to be corrected to it; null when the claim has it already.
   * @throws RuleViolation  another open claim holds it
   */
  async reserve(
    key: NaturalKey,
    transactionId: string,
    context: CommandContext,
  ): Promise<string | null> {
    if (occurrenceOf(key, transactionId) !== null) return null;
    for (let occurrence = 0; occurrence <= MAX_OCCURRENCE; occurrence += 1) {
      const reservedKey = transactionIdOf(key, occurrence);
      const claimant = { key: reservedKey, transactionId };
      const [there, holder] = await this.look(reservedKey);
      const found = keyTaken(there, holder, claimant);
      if (found.taken === 'by') {
        throw new RuleViolation(
          reject('duplicate_reference', { transaction_id: found.transactionId }),
        );
      }
      if (found.taken === 'free') await this.take(reservedKey, transactionId, context);
      if (found.taken !== 'given_up') return reservedKey;
    }
    throw new RuleViolation(reject('too_many_occurrences'));
  }

  /**
   * The open transaction that a reserved key stands for; null when there is none any more, so that the next number
   * may be taken.
   * @throws RuleViolation  a correction may be about to be written
   */
  async holderOf(reservedKey: string): Promise<SubmittedTransaction | null> {
    const [there, holder] = await this.look(reservedKey);
    if (there.status !== 'none' || there.reservation === undefined) return null;
    if (holder !== null && holder.status !== 'none' && holdsKey(holder, reservedKey)) return holder;
    const { reservedAt, transactionId } = there.reservation;
    const ageMs = this.clock.now().getTime() - Date.parse(reservedAt);
    if (ageMs < WITHOUT_CORRECTION_MS && holder !== null && !isGivenUp(holder)) {
      throw new RuleViolation(reject('key_reserved', { transaction_id: transactionId }));
    }
    return null;
  }

  /** What stands at a key, and the transaction that a reservation there names. */
  private async look(key: string): Promise<readonly [Transaction, Transaction | null]> {
    const there = await this.load(key);
    const reservation = there.status === 'none' ? there.reservation : undefined;
    return [there, reservation === undefined ? null : await this.load(reservation.transactionId)];
  }

  private async take(
    reservedKey: string,
    transactionId: string,
    context: CommandContext,
  ): Promise<void> {
    await this.runner.run({
      streamName: transactionStream(reservedKey),
      aggregate: transactionAggregate,
      commandId: uuidFrom('reserve_key', reservedKey, transactionId),
      context,
      decide: (state) => reserveKey(state, { reservedKey, transactionId }, this.clock.now()),
    });
  }

  private async load(transactionId: string): Promise<Transaction> {
    const { state } = await this.runner.load(
      transactionStream(transactionId),
      transactionAggregate,
    );
    return state;
  }
}
