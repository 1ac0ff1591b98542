import { Injectable } from '@nestjs/common';
import {
  BankGateway,
  type BankCredential,
  type Mode,
  modesOf,
} from '../bank-gateway/bank-gateway.port.js';
import type { LocalDate } from '../kernel/local-date.js';
import { matchMovement, takesBack, type MatchRules } from '../matching/match-movement.js';
import type { Movement, SlotScope } from '../matching/movement.js';
import { fromObserved } from '../matching/observed-movement.js';
import type { PaymentKind } from '../matching/payment-claim.js';
import { asReported, relateReferences } from '../matching/reference.js';
import { AccountSweeps } from './account-sweeps.store.js';
import { ClaimReader } from './claim-reader.js';
import { covers, mayExpire, type EndedSweep } from './domain/swept.js';
import { afterAnswer, beforeAsking, standingOf, type Step } from './domain/verification.process.js';
import type { Watch } from './domain/watch.js';
import { toleranceOf } from './tolerance.js';
import { VerdictSteps } from './verdict-steps.js';

/** The rows of one listing, and how its bank reports. */
interface Listed {
  readonly sweep: EndedSweep;
  readonly rows: readonly Movement[];
  readonly rules: MatchRules;
  readonly scope: SlotScope;
  readonly lookUpKinds: readonly PaymentKind[];
}

/**
 * A kind that the bank cannot look up is only settled by a row that matches: card deposits arrive in lots, so that
 * their absence from a listing says nothing, and a person looks.
 */
function stepsWithoutRow(watch: Watch, { sweep, lookUpKinds }: Listed): readonly Step[] {
  if (watch.standing === 'pending' && covers(sweep, watch)) {
    const objections = beforeAsking(watch.claim.kind, lookUpKinds);
    if (objections.length > 0) return objections;
  }
  return mayExpire(sweep, watch) ? [{ do: 'expire', sweep }] : [];
}

/** Follows up a listing: writes its rows down, and touches a transaction only where they match (product.md, section 4). */
@Injectable()
export class SweepFollowUp {
  constructor(
    private readonly sweeps: AccountSweeps,
    private readonly claims: ClaimReader,
    private readonly steps: VerdictSteps,
    private readonly gateway: BankGateway,
  ) {}

  async follow(
    sweep: EndedSweep,
    rows: readonly Movement[],
    credential: BankCredential,
  ): Promise<void> {
    const { referenceDigits, commissionBasisPoints, lookUpKinds } = this.gateway.capabilities(
      credential.bank,
    );
    const { affiliate } = credential;
    const listed: Listed = {
      sweep,
      rows,
      rules: { referenceDigits, commissionBasisPoints },
      scope: { affiliate, referenceDigits },
      lookUpKinds,
    };
    const { receivingAccountId, sweepId } = sweep;
    await this.steps.observe(rows, {
      transactionId: receivingAccountId,
      askId: sweepId,
      scope: listed.scope,
    });
    const range = {
      receivingAccountId,
      from: sweep.from as LocalDate,
      to: sweep.to as LocalDate,
    };
    for (const claim of await this.sweeps.openClaims(range, modesOf(credential))) {
      await this.followClaim(claim, listed);
    }
    await this.suspectReversals(listed, modesOf(credential));
  }

  private async followClaim(watch: Watch, listed: Listed): Promise<void> {
    const matched = await this.stepsFor(watch, listed);
    const { transactionId } = watch.claim;
    await this.steps.take(matched?.steps ?? stepsWithoutRow(watch, listed), {
      transactionId,
      askId: listed.sweep.sweepId,
      scope: listed.scope,
      correctionsSeen: matched?.correctionsSeen ?? 0,
    });
  }

  /** Null when no row is the claim's. The log is read only for claims whose reference is among the rows. */
  private async stepsFor(
    { claim: { transactionId, reference }, lastProposed }: Watch,
    { sweep, rows, rules }: Listed,
  ): Promise<{ readonly steps: readonly Step[]; readonly correctionsSeen: number } | null> {
    const k = rules.referenceDigits;
    const isRelated = (row: Movement) =>
      row.reference !== '' &&
      relateReferences(reference, asReported(row.reference, k), k) !== 'unrelated';
    if (!rows.some(isRelated)) return null;
    const transaction = await this.claims.transaction(transactionId);
    const claim = transaction === null ? null : await this.claims.read(transaction);
    if (transaction === null || claim === null) return null;
    const match = matchMovement({ claim, rows, rules, tolerance: toleranceOf(transaction) });
    if (match.verdict === 'none' || match.verdict === 'commission') return null;
    const known = {
      standing: standingOf(transaction.status),
      lastProposed,
      claim: transaction.claim,
    };
    const answer = { outcome: 'found' as const, movements: rows };
    const at = new Date(sweep.answeredAt);
    const steps = afterAnswer(known, { answer, match, askedOn: claim.paidOn, at });
    return { steps, correctionsSeen: transaction.corrections };
  }

  /** A debit of the same reference and amount as a verified credit is for a person to judge. */
  private async suspectReversals(
    { sweep, rows, rules, scope }: Listed,
    modes: readonly Mode[],
  ): Promise<void> {
    const debits = rows.filter(({ direction }) => direction === 'debit');
    const amounts = [...new Set(debits.map(({ amountMinor }) => amountMinor))];
    for (const watch of await this.sweeps.verifiedWith(sweep.receivingAccountId, amounts)) {
      if (watch.lastProposed === null || !modes.includes(watch.claim.mode)) continue;
      const credit = fromObserved(watch.lastProposed);
      const debit = debits.find((row) => takesBack(row, credit, rules));
      if (debit === undefined) continue;
      const { transactionId } = watch.claim;
      await this.steps.take(
        [
          {
            do: 'flag',
            reason: 'reversal_suspected',
            candidates: [credit, debit],
            note: 'a debit takes the credit back',
          },
        ],
        { transactionId, askId: sweep.sweepId, scope },
      );
    }
  }
}
