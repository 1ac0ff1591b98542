import { Logger } from '@nestjs/common';
import type { BankAnswer } from '../matching/bank-answer.js';
import type { CredentialDoor } from './credential-door.js';
import type { BankMeter } from './http/bank-meter.js';
import type { PermitLog } from './permits/permit-log.port.js';

export interface PauseSettings {
  /** After a refusal for the limit that names no time: at least a window of the contract. */
  readonly rateLimitMs: number;
  readonly maintenanceMs: number;
}

export interface ConsequenceParts {
  readonly credentialId: string;
  readonly permits: PermitLog;
  readonly door: CredentialDoor;
  readonly meter: BankMeter;
}

/** What an answer entails for everyone who speaks under the credential, not just for the one who asked. */
export class Consequences {
  private readonly logger = new Logger('Consequences');

  constructor(
    private readonly pauses: PauseSettings,
    private readonly parts: ConsequenceParts,
  ) {}

  /** The answer, with the pause that was really set. `wishMs` is the bank's own `Retry-After`, capped. */
  async bear(answer: BankAnswer, wishMs: number | null, why = ''): Promise<BankAnswer> {
    switch (answer.outcome) {
      case 'rate_limited': {
        this.parts.meter.rateLimitExceeded();
        const retryAfterMs = wishMs ?? this.pauses.rateLimitMs;
        await this.pause(retryAfterMs, answer.outcome);
        return { ...answer, retryAfterMs };
      }
      case 'maintenance': {
        const retryAfterMs = wishMs ?? this.pauses.maintenanceMs;
        await this.pause(retryAfterMs, answer.outcome);
        return { ...answer, retryAfterMs };
      }
      case 'credentials_refused':
        await this.parts.door.close(why);
        return answer;
      case 'unavailable':
        if (wishMs !== null) await this.pause(wishMs, 'retry_after');
        return answer;
      default:
        return answer;
    }
  }

  private async pause(forMs: number, reason: string): Promise<void> {
    try {
      await this.parts.permits.coolDown(this.parts.credentialId, forMs, reason);
    } catch (error) {
      // Where a pause cannot be written no permit can be taken either, so nothing is sent meanwhile.
      const cause = error instanceof Error ? error.name : 'unknown';
      this.logger.warn({ msg: 'cool-down not written', reason, cause });
    }
  }
}
