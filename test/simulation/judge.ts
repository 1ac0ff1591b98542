import { addDays } from '../../src/kernel/local-date.js';
import { relateReferences } from '../../src/matching/reference.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { LedgerMovement } from '../../src/stand-ins/sandbox-bank/movement.js';
import {
  evolve,
  initialState,
  type SubmittedTransaction,
  type Transaction,
} from '../../src/transactions/domain/transaction.js';
import { canonicalReference } from '../../src/transactions/domain/reference.js';
import type { TransactionEvent } from '../../src/transactions/events/transaction.event.js';

const PREFIX = 'transaction-';
const TAIL = 6;
// What lies between a look at the bank and the event that follows from it, a crash between them included.
const HINDSIGHT_MS = 180_000;

interface Seen {
  readonly revision: bigint;
  readonly hash: string;
}

/** What of the bank's true ledger the judge goes by. */
export interface Truth {
  readonly credits: readonly LedgerMovement[];
  readonly accountNumber: (receivingAccountId: string) => string;
}

/**
 * Knows the bank's true ledger, reads every event as it is written, and says what must never be: a lost or altered
 * event, a credit that verifies two claims, a verdict against the ledger.
 */
export class Judge {
  readonly violations: string[] = [];
  private readonly transactions = new Map<string, SubmittedTransaction>();
  private readonly streams = new Map<string, Seen>();
  /** The credits of each amount: nothing else ever proves a claim. */
  private readonly byAmount = new Map<bigint, LedgerMovement[]>();
  /** Which credit accounts for which verified transaction. */
  private readonly accounts = new Map<LedgerMovement, string>();

  constructor(private readonly truth: Truth) {
    for (const credit of truth.credits) {
      const alike = this.byAmount.get(credit.amountMinor) ?? [];
      this.byAmount.set(credit.amountMinor, [...alike, credit]);
    }
  }

  see(event: StoredEvent, now: Date): void {
    this.seeChain(event);
    if (!event.streamName.startsWith(PREFIX)) return;
    const id = event.streamName.slice(PREFIX.length);
    const before: Transaction = this.transactions.get(id) ?? initialState;
    const { type, data } = event;
    const after = evolve(before, { type, data } as TransactionEvent);
    if (after.status === 'none') {
      this.blame(`${id} begins with ${type}`);
      return;
    }
    this.transactions.set(id, after);
    if (before.status !== 'none') this.judge(before, after, { type, at: now });
  }

  blame(what: string): void {
    this.violations.push(what);
  }

  /** Nothing may be lost, and nothing may be left lying when all is over. */
  judgeEnd(transactionId: string, mayEnd: readonly string[]): void {
    const transaction = this.transactions.get(transactionId);
    if (transaction === undefined) {
      this.blame(`${transactionId} was acknowledged and is not in the log`);
      return;
    }
    const { status, asks, binding } = transaction;
    if (!mayEnd.includes(status)) {
      this.blame(`${transactionId} ended as ${status}, not as ${mayEnd.join(' or ')}`);
    }
    if (asks.open !== null || binding !== null) {
      this.blame(`${transactionId} was left in the middle of something`);
    }
  }

  transaction(transactionId: string): SubmittedTransaction | null {
    return this.transactions.get(transactionId) ?? null;
  }

  /** Every transaction that was submitted, as the log has it. */
  all(): readonly SubmittedTransaction[] {
    return [...this.transactions.values()];
  }

  isGivenUp(transactionId: string): boolean {
    const status = this.transactions.get(transactionId)?.status;
    return status === 'cancelled' || status === 'rejected';
  }

  private seeChain({ streamName, revision, metadata, hash }: StoredEvent): void {
    const last = this.streams.get(streamName) ?? null;
    if (revision !== (last?.revision ?? -1n) + 1n) this.blame(`${streamName} has a gap`);
    if (metadata.previousHash !== (last?.hash ?? null)) {
      this.blame(`the chain of ${streamName} is broken at ${revision}`);
    }
    this.streams.set(streamName, { revision, hash });
  }

  private judge(
    before: SubmittedTransaction,
    after: SubmittedTransaction,
    { type, at }: { readonly type: string; readonly at: Date },
  ): void {
    const { claim } = after;
    if (type === 'AskStarted.v1' && before.asks.open !== null) {
      this.blame(`${claim.transactionId} is asked about twice at once`);
    }
    this.judgeOver(before, after, type);
    if (type === 'TransactionVerified.v1') this.judgeVerified(after, at);
    if (type === 'TransactionExpired.v1') this.judgeExpired(after, at);
  }

  /** What was given up stays so, unless a person takes it up again. */
  private judgeOver(before: SubmittedTransaction, after: SubmittedTransaction, type: string): void {
    const { transactionId } = after.claim;
    const isReopened = after.reviewReason === 'reopened';
    if (before.status === 'verified' && isReopened) this.release(transactionId);
    const isOver = before.status === 'cancelled' || (before.status === 'rejected' && !isReopened);
    // An answer that was under way is written down, and changes nothing any more.
    if (isOver && (type !== 'AskAnswered.v1' || before.asks.open === null)) {
      this.blame(`${transactionId} was ${before.status} and then saw ${type}`);
    }
  }

  private judgeVerified({ claim }: SubmittedTransaction, at: Date): void {
    const candidates = this.likely(claim).filter(
      (credit) => this.proves(credit, claim) && isVisible(credit, at.getTime()),
    );
    const { transactionId } = claim;
    if (candidates.length === 0) {
      this.blame(`${transactionId} is verified, and the bank holds no such credit`);
    } else if (!this.account(transactionId, new Set())) {
      this.blame(`${transactionId} is verified by a credit that verifies another`);
    }
  }

  /** A person took the verdict back: its credit may verify another. */
  private release(transactionId: string): void {
    for (const [credit, id] of this.accounts) {
      if (id === transactionId) this.accounts.delete(credit);
    }
  }

  /** Finds each verified transaction a credit of its own, moving others where they fit as well. */
  private account(transactionId: string, tried: Set<LedgerMovement>): boolean {
    const claim = this.transactions.get(transactionId)?.claim;
    if (claim === undefined) return false;
    for (const credit of this.likely(claim)) {
      if (tried.has(credit) || !this.proves(credit, claim)) continue;
      tried.add(credit);
      const other = this.accounts.get(credit);
      if (other === undefined || other === transactionId || this.account(other, tried)) {
        this.accounts.set(credit, transactionId);
        return true;
      }
    }
    return false;
  }

  private judgeExpired({ claim }: SubmittedTransaction, at: Date): void {
    const missed = this.likely(claim).find(
      (credit) =>
        this.proves(credit, claim) &&
        isFindable(credit, claim) &&
        credit.on === claim.paidOn &&
        isVisible(credit, at.getTime() - HINDSIGHT_MS) &&
        !this.accounts.has(credit),
    );
    if (missed !== undefined) {
      this.blame(`${claim.transactionId} expired though the bank shows its credit`);
    }
    if (at.getTime() + HINDSIGHT_MS < Date.parse(claim.visibleBy)) {
      this.blame(`${claim.transactionId} expired before its deadline`);
    }
  }

  private likely({ amountMinor }: SubmittedTransaction['claim']): readonly LedgerMovement[] {
    return this.byAmount.get(BigInt(amountMinor)) ?? [];
  }

  /** Whether a credit may be the payment that was claimed, as far as the bank ever spells it. */
  private proves(credit: LedgerMovement, claim: SubmittedTransaction['claim']): boolean {
    const paidOn = claim.paidOn as LedgerMovement['on'];
    const shown = credit.spelling === 'tail6' ? credit.reference.slice(-TAIL) : credit.reference;
    return (
      credit.direction === 'credit' &&
      credit.currency === claim.currency &&
      credit.amountMinor === BigInt(claim.amountMinor) &&
      credit.account === this.truth.accountNumber(claim.receivingAccountId) &&
      credit.on >= addDays(paidOn, -1) &&
      credit.on <= addDays(paidOn, 1) &&
      relateReferences(claim.reference, shown, TAIL) !== 'unrelated'
    );
  }
}

/** A transfer within the bank is looked up by its whole reference: with a part of it the bank finds nothing. */
const isFindable = (credit: LedgerMovement, claim: SubmittedTransaction['claim']): boolean =>
  claim.originBank !== claim.bank ||
  canonicalReference(claim.reference) === canonicalReference(credit.reference);

const isVisible = ({ visibleAt }: LedgerMovement, atMs: number): boolean =>
  visibleAt !== null && visibleAt <= atMs;
