import type { Job } from '../../platform/jobs/job.js';
import type { RawAnswers } from './raw-answers.port.js';

const HOUR_MS = 3_600_000;

/** Ends the bank's answers that are older than they may be kept, whether or not new ones come. */
export class RawAnswersJob implements Job {
  readonly name = 'raw-answer-retention';
  readonly summary = 'Deletes what banks answered once it was kept for BANK_ANSWERS_KEPT_DAYS.';
  readonly everyMs = HOUR_MS;

  constructor(private readonly answers: RawAnswers) {}

  async run(): Promise<string> {
    return `deleted the answers of ${await this.answers.endOld()} days`;
  }
}
