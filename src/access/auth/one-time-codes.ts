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

  /** A user's secret; null when there is none. */
  secretOf({ user_id, totp_box }: Pick<UserRow, 'user_id' | 'totp_box'>): Buffer | null {
    if (totp_box === null) return null;
    return this.masterKeys.open(totp_box, purposeOfTotp(user_id));
  }

  /** The step of a user's code; null when the code is wrong, old, or was used before. */
  stepOf(
    user: Pick<UserRow, 'user_id' | 'totp_box' | 'totp_last_step'>,
    code: string,
  ): number | null {
    const secret = this.secretOf(user);
    if (secret === null) return null;
    return stepOfCode(secret, code, {
      lastStep: Number(user.totp_last_step),
      now: this.clock.now(),
    });
  }
}

/** A box moved to another user does not open there. */
export const purposeOfTotp = (userId: string): string => `totp ${userId}`;
