import { Injectable } from '@nestjs/common';
import { BankGateway, type BankCredential } from '../bank-gateway/bank-gateway.port.js';
import type { Permit } from '../bank-gateway/permits/permit-log.port.js';
import type { BankOutcome } from '../matching/bank-answer.js';
import { ClaimReader } from './claim-reader.js';
import type { DayRange } from './domain/planner.js';
import { SweepFollowUp } from './sweep-follow-up.js';
import { SweepRecord } from './sweep-record.js';

/** What a sweep is made with. */
export interface SweepCall {
  readonly credential: BankCredential;
  readonly permit: Permit;
  /** Aborts when the call has lasted too long, or the process stops. */
  readonly signal: AbortSignal;
}

/** Lists an account's movements and follows up every row. */
@Injectable()
export class AccountSweeper {
  constructor(
    private readonly gateway: BankGateway,
    private readonly claims: ClaimReader,
    private readonly record: SweepRecord,
    private readonly followUp: SweepFollowUp,
  ) {}

  /**
   * Null when the account is not known any more; nothing was sent then.
   * @throws RuleViolation  another sweep of the account is under way; nothing was sent
   */
  async sweep(
    range: DayRange,
    { credential, permit, signal }: SweepCall,
  ): Promise<BankOutcome | null> {
    const account = await this.claims.account(range.receivingAccountId);
    if (account === null) return null;
    const announced = await this.record.announce(range, credential, permit);
    const { credentialId } = credential;
    const { sweepId } = announced;
    const { from, to } = range;
    const result = await this.gateway.listMovements(
      { askId: sweepId, credentialId, account: account.accountNumber, from, to, permit },
      signal,
    );
    const ended = await this.record.answered(announced, result);
    const rows = result.answer.outcome === 'found' ? result.answer.movements : [];
    await this.followUp.follow(ended, rows, credential);
    return ended.outcome;
  }
}
