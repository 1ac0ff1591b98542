import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { localDateAt, type LocalDate } from '../../kernel/local-date.js';
import { ClaimAdmission } from '../submit-transaction/claim-admission.js';
import type { Particulars } from '../submit-transaction/particulars.js';
import type { Submission } from '../submit-transaction/submit-transaction.command.js';
import { readSubmission, submissionOf } from '../submit-transaction/submit-transaction.request.js';

type Submitter = Pick<Submission, 'merchantId' | 'mode'>;

/** A claim of a bulk that can be submitted, or why it cannot. */
export type PreparedClaim =
  | { readonly submission: Submission; readonly admitted: Particulars; readonly refused: false }
  | { readonly reason: unknown; readonly refused: true };

// A few milliseconds of work, after which other callers have their turn.
const AT_A_TIME = 128;

/**
 * Reads, admits and seals the claims of a bulk before the first is appended. One after the other each claim would find
 * the processor's caches full of what the claim before it did last; the same step for many in a row costs a quarter less.
 */
@Injectable()
export class BulkAdmission {
  constructor(
    private readonly admission: ClaimAdmission,
    private readonly clock: Clock,
  ) {}

  /** In the order of the claims; each is admitted or refused by itself. */
  async prepare(bodies: readonly unknown[], submitter: Submitter): Promise<PreparedClaim[]> {
    const today = localDateAt(this.clock.now());
    const prepared: PreparedClaim[] = [];
    for (let from = 0; from < bodies.length; from += AT_A_TIME) {
      if (from > 0) await nextTurn();
      const due = bodies.slice(from, from + AT_A_TIME);
      const claims = due.map((body) => this.prepareOne(body, submitter, today));
      prepared.push(...(await Promise.all(claims)));
    }
    return prepared;
  }

  private async prepareOne(
    body: unknown,
    submitter: Submitter,
    today: LocalDate,
  ): Promise<PreparedClaim> {
    try {
      const submission = submissionOf(readSubmission(body, today), submitter);
      return { submission, admitted: await this.admission.admit(submission), refused: false };
    } catch (reason) {
      return { reason, refused: true };
    }
  }
}
