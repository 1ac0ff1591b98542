import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../../platform/personal-data/sealed-box.js';
import type { UserRow } from '../users/user.table.js';
import { newRecoveryCodes } from './recovery-codes.store.js';
import { stepOfCode, TOTP_SECRET_BYTES } from './totp.js';

/** Secrets of one-time codes, locked with the master key wherever they lie. */
@Injectable()
export class OneTimeCodes {
  private readonly masterKeys: MasterKeys;

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
    config: PersonalDataConfig,
  ) {
    this.masterKeys = MasterKeys.from(config);
  }

  newSecret(userId: string): { readonly secret: Buffer; readonly box: Buffer } {
    const secret = this.random.bytes(TOTP_SECRET_BYTES);
    const nonce = this.random.bytes(NONCE_BYTES);
    return {
      secret,
      box: this.masterKeys.seal(secret, { nonce, purpose: purposeOfTotp(userId) }),
    };
  }

  newRecoveryCodes(): readonly string[] {
    return newRecoveryCodes(this.random);
  }

  /** The step of a user's code; null when the code is wrong, old, or was used before. */
  stepOf(
    user: Pick<UserRow, 'user_id' | 'totp_box' | 'totp_last_step'>,
    code: string,
  ): number | null {
    if (user.totp_box === null) return null;
    const secret = this.masterKeys.open(user.totp_box, purposeOfTotp(user.user_id));
    return stepOfCode(secret, code, {
      lastStep: Number(user.totp_last_step),
      now: this.clock.now(),
    });
  }
}

/** A box moved to another user does not open there. */
export const purposeOfTotp = (userId: string): string => `totp ${userId}`;
