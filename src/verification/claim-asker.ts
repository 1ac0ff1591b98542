import { Injectable } from '@nestjs/common';
import { BankGateway } from '../bank-gateway/bank-gateway.port.js';
import type { Permit } from '../bank-gateway/permits/permit-log.port.js';
import type { AskResult } from '../matching/bank-answer.js';
import { matchMovement } from '../matching/match-movement.js';
import { AskRecord } from './ask-record.js';
import type { PreparedAsk } from './claim-preparer.js';
import { withoutOthers } from './domain/paid-elsewhere.js';
import { afterAnswer, standingOf } from './domain/verification.process.js';
import { VerdictSteps } from './verdict-steps.js';

/** Asks the bank about one claim and follows up what it says. */
@Injectable()
export class ClaimAsker {
  constructor(
    private readonly gateway: BankGateway,
    private readonly record: AskRecord,
    private readonly steps: VerdictSteps,
  ) {}

  /** @throws RuleViolation  somebody else asked or decided since it was prepared; nothing was sent */
  async ask(prepared: PreparedAsk, permit: Permit, signal: AbortSignal): Promise<void> {
    const { transactionId, askedOn, claim } = prepared;
    const askId = await this.record.announce(prepared, permit);
    const { credentialId } = permit;
    const result = await this.gateway.lookUp(
      { askId, credentialId, transactionId, claim, on: askedOn, permit },
      signal,
    );
    await this.follow(prepared, askId, result);
  }

  private async follow(prepared: PreparedAsk, askId: string, result: AskResult): Promise<void> {
    const { transactionId, known, scope, askedOn, claim, tolerance, rules } = prepared;
    const answer = withoutOthers(result.answer, prepared.paidToOthers);
    const rows = answer.outcome === 'found' ? answer.movements : [];
    const match = rows.length > 0 ? matchMovement({ claim, rows, tolerance, rules }) : null;
    const transaction = await this.record.answered(transactionId, askId, {
      ...result,
      answer,
      match,
    });
    const cause = { transactionId, askId, scope, correctionsSeen: prepared.correctionsSeen };
    await this.steps.observe(rows, cause);
    const standing = standingOf(transaction.status);
    // The instant as it was written down, since it decides whether the claim may expire.
    const at = new Date(transaction.asks.lastAnsweredAt ?? transaction.changedAt);
    const heard = { answer, match, askedOn, at };
    await this.steps.take(afterAnswer({ ...known, standing }, heard), cause);
  }
}
