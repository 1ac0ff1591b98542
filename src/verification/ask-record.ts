import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Permit } from '../bank-gateway/permits/permit-log.port.js';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import type { AskResult } from '../matching/bank-answer.js';
import type { MatchVerdict } from '../matching/match-movement.js';
import type { TransactionSoFar } from '../transactions/load-transaction/load-transaction.query.js';
import {
  RecordVerification,
  type VerificationStep,
} from '../transactions/record-verification/record-verification.command.js';
import type { PreparedAsk } from './claim-preparer.js';
import { outcomeOf } from './domain/verification.process.js';
import { ASK_MARGIN_MS, VerificationConfig } from './verification.config.js';
import { verifierContext } from './verifier-context.js';

/** Writes every ask down: before anything is sent, and whatever came of it. */
@Injectable()
export class AskRecord {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly config: VerificationConfig,
  ) {}

  /**
   * Announces an ask and names it.
   * @throws RuleViolation  somebody else asked or decided since it was prepared
   */
  async announce({ transactionId, askedOn, ...seen }: PreparedAsk, permit: Permit) {
    const askId = this.random.uuid();
    const lastsMs = this.config.askTimeoutMs + ASK_MARGIN_MS;
    const deadlineAt = new Date(this.clock.now().getTime() + lastsMs);
    const { permitId, credentialId } = permit;
    const { asksSeen, correctionsSeen } = seen;
    const named = { askId, credentialId, permitId, askedOn, deadlineAt };
    const ask = { ...named, asksSeen, correctionsSeen };
    await this.record(transactionId, askId, { step: 'start_ask', ask });
    return askId;
  }

  /** Writes the answer down, and gives the transaction as it is with it. */
  async answered(
    transactionId: string,
    askId: string,
    { answer, evidence, match }: AskResult & { readonly match: MatchVerdict | null },
  ): Promise<TransactionSoFar> {
    return this.record(transactionId, askId, {
      step: 'record_answer',
      answer: {
        askId,
        outcome: outcomeOf({ answer, match }),
        ...evidence,
        movements: answer.outcome === 'found' ? answer.movements.length : 0,
        retryAfterMs: 'retryAfterMs' in answer ? answer.retryAfterMs : null,
      },
    });
  }

  private async record(
    transactionId: string,
    askId: string,
    step: VerificationStep,
  ): Promise<TransactionSoFar> {
    const context = verifierContext(transactionId, askId);
    const recorded = await this.commands.execute(
      new RecordVerification(transactionId, step, context),
    );
    return recorded.transaction;
  }
}
