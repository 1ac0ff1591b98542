import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { BankCredential } from '../bank-gateway.port.js';
import type { BankMeter } from '../http/bank-meter.js';
import type { AnsweredReply } from '../http/bank-reply.js';
import type { RawAnswers } from './raw-answers.port.js';

export interface KeptRepliesParts {
  readonly credential: BankCredential;
  readonly rawAnswers: RawAnswers;
  readonly meter: BankMeter;
}

/** The replies of one ask: kept word for word, and hashed as one, in the order they came. */
export class KeptReplies {
  private readonly logger = new Logger('KeptReplies');
  private readonly digest = createHash('sha256');
  private count = 0;

  constructor(
    private readonly askId: string,
    private readonly parts: KeptRepliesParts,
  ) {}

  /** SHA-256 of all of them; null when no reply came. */
  get hash(): string | null {
    return this.count === 0 ? null : this.digest.copy().digest('hex');
  }

  async add(reply: AnsweredReply | null): Promise<void> {
    if (reply === null) return;
    this.digest.update(reply.body);
    const page = this.count;
    this.count += 1;
    const { credential, rawAnswers, meter } = this.parts;
    const { credentialId } = credential;
    try {
      await rawAnswers.keep({ askId: this.askId, credentialId, page, body: reply.body });
    } catch (error) {
      // The answer still counts: its hash is in the log, and the bank can be asked again.
      meter.error('raw_answer_not_kept');
      const cause = error instanceof Error ? error.name : 'unknown';
      this.logger.error({ msg: 'a raw answer was not kept', askId: this.askId, cause });
    }
  }
}
