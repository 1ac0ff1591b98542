import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { BankCredential } from '../bank-gateway/bank-gateway.port.js';
import type { Permit } from '../bank-gateway/permits/permit-log.port.js';
import { Clock } from '../kernel/clock.js';
import { RandomSource } from '../kernel/ids.js';
import type { AskResult } from '../matching/bank-answer.js';
import type { DayRange } from './domain/planner.js';
import type { EndedSweep } from './domain/swept.js';
import { RecordSweep } from './record-sweep/record-sweep.command.js';
import { ASK_MARGIN_MS, VerificationConfig } from './verification.config.js';
import { verifierContext } from './verifier-context.js';

/** A sweep that was announced. */
export interface AnnouncedSweep {
  readonly sweepId: string;
  readonly range: DayRange;
  readonly startedAt: Date;
}

/** Writes every sweep down: before anything is sent, and whatever came of it. */
@Injectable()
export class SweepRecord {
  constructor(
    private readonly commands: CommandBus,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly config: VerificationConfig,
  ) {}

  /** @throws RuleViolation  another sweep of the account is under way; nothing was written */
  async announce(
    range: DayRange,
    { bank, credentialId }: BankCredential,
    { permitId }: Permit,
  ): Promise<AnnouncedSweep> {
    const sweepId = this.random.uuid();
    const startedAt = this.clock.now();
    const lastsMs = this.config.askTimeoutMs + ASK_MARGIN_MS;
    const deadlineAt = new Date(startedAt.getTime() + lastsMs).toISOString();
    const { receivingAccountId } = range;
    await this.commands.execute(
      new RecordSweep(
        { receivingAccountId, startedAt },
        { step: 'start', sweep: { ...range, sweepId, bank, credentialId, permitId, deadlineAt } },
        verifierContext(receivingAccountId, sweepId),
      ),
    );
    return { sweepId, range, startedAt };
  }

  /** Writes the answer down, and gives the sweep as it ended. */
  async answered(
    { sweepId, range, startedAt }: AnnouncedSweep,
    { answer, evidence }: AskResult,
  ): Promise<EndedSweep> {
    const { outcome } = answer;
    const { receivingAccountId } = range;
    const at = await this.commands.execute(
      new RecordSweep(
        { receivingAccountId, startedAt },
        {
          step: 'answer',
          answer: {
            sweepId,
            outcome,
            ...evidence,
            movements: answer.outcome === 'found' ? answer.movements.length : 0,
            retryAfterMs: 'retryAfterMs' in answer ? answer.retryAfterMs : null,
          },
        },
        verifierContext(receivingAccountId, sweepId),
      ),
    );
    const { durationMs } = evidence;
    return { ...range, sweepId, outcome, durationMs, answeredAt: at.toISOString() };
  }
}
