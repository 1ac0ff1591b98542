import { Injectable } from '@nestjs/common';
import { BankGateway, type BankCredential } from '../bank-gateway/bank-gateway.port.js';
import type { LocalDate } from '../kernel/local-date.js';
import type { MatchRules } from '../matching/match-movement.js';
import type { SlotScope } from '../matching/movement.js';
import type { PaymentClaim, Tolerance } from '../matching/payment-claim.js';
import type { TransactionSoFar } from '../transactions/load-transaction/load-transaction.query.js';
import { ClaimReader } from './claim-reader.js';
import { isInDoubt } from './domain/in-doubt.js';
import {
  beforeAsking,
  forAPerson,
  standingOf,
  type Known,
  type Step,
} from './domain/verification.process.js';
import { toleranceOf } from './tolerance.js';
import { VerdictSteps } from './verdict-steps.js';
import type { DueAsk } from './verification-queue.store.js';

/** A claim that may be asked about now, with everything that asking and matching need. */
export interface PreparedAsk {
  readonly transactionId: string;
  readonly askedOn: LocalDate;
  /** How many asks its stream holds; another number later means that somebody else asked. */
  readonly asksSeen: number;
  /** How many corrections its words stand for; another number later means that they are not the claim's any more. */
  readonly correctionsSeen: number;
  readonly claim: PaymentClaim;
  readonly tolerance: Tolerance;
  readonly rules: MatchRules;
  readonly scope: SlotScope;
  /** Whether a row of that day was paid to another account of the affiliate. */
  readonly paidToOthers: (day: LocalDate) => boolean;
  readonly known: Known;
}

/** Looks at a due claim in the log before a permit is spent on it: the queue may lag behind. */
@Injectable()
export class ClaimPreparer {
  constructor(
    private readonly gateway: BankGateway,
    private readonly claims: ClaimReader,
    private readonly steps: VerdictSteps,
  ) {}

  /** Null when there is nothing to ask, or a person must look instead. */
  async prepare(due: DueAsk, { bank, affiliate }: BankCredential): Promise<PreparedAsk | null> {
    const transaction = await this.claims.transaction(due.transactionId);
    if (transaction === null || !isDue(transaction, due)) return null;
    const capabilities = this.gateway.capabilities(bank);
    const { referenceDigits, commissionBasisPoints } = capabilities;
    const objections = beforeAsking(transaction.claim.kind, capabilities.lookUpKinds);
    if (objections.length > 0) return this.giveToPerson(transaction, objections);
    const claim = await this.claims.read(transaction);
    if (claim === null) return this.giveToPerson(transaction, NO_ACCOUNT);
    return {
      transactionId: due.transactionId,
      askedOn: due.askedOn as LocalDate,
      asksSeen: transaction.asks.started,
      correctionsSeen: transaction.corrections,
      claim,
      tolerance: toleranceOf(transaction),
      rules: { referenceDigits, commissionBasisPoints },
      scope: { affiliate, referenceDigits },
      paidToOthers: await this.claims.paidToOthers(transaction),
      known: {
        standing: standingOf(transaction.status),
        lastProposed: due.watch.lastProposed,
        inDoubt: isInDoubt(due.watch),
        claim: transaction.claim,
      },
    };
  }

  private async giveToPerson(
    { claim: { transactionId }, revision }: TransactionSoFar,
    steps: readonly Step[],
  ): Promise<null> {
    // The revision makes it another cause each time a person sends the claim back.
    await this.steps.take(steps, { transactionId, askId: `look ${revision}`, scope: NOWHERE });
    return null;
  }
}

const NO_ACCOUNT = forAPerson('the receiving account is not known any more');
/** Claims that cannot be asked about have no rows, so their slots are never named. */
const NOWHERE: SlotScope = { affiliate: '', referenceDigits: 1 };

const isDue = ({ status, asks, binding }: TransactionSoFar, { watch }: DueAsk): boolean =>
  (status === 'pending' || status === 'expired') &&
  asks.open === null &&
  binding === null &&
  asks.started === watch.asksStarted;
