import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RandomSource } from '../../kernel/ids.js';
import { PersonalDataConfig } from '../../platform/config/config.schema.js';
import { NONCE_BYTES, openBox, sealBox } from '../../platform/personal-data/sealed-box.js';
import type { UserRow } from '../users/user.table.js';
import { stepOfCode, TOTP_SECRET_BYTES } from './totp.js';

/** Secrets of one-time codes, locked with the master key wherever they lie. */
@Injectable()
export class OneTimeCodes {
  private readonly masterKey: KeyObject;

  constructor(
    private readonly clock: Clock,
    private readonly random: RandomSource,
    config: PersonalDataConfig,
  ) {
    this.masterKey = createSecretKey(config.masterKey.reveal());
  }

  newSecret(userId: string): { readonly secret: Buffer; readonly box: Buffer } {
    const secret = this.random.bytes(TOTP_SECRET_BYTES);
    const nonce = this.random.bytes(NONCE_BYTES);
    return {
      secret,
      box: sealBox(secret, { key: this.masterKey, nonce, purpose: purpose(userId) }),
    };
  }

  /** A user's secret; null when there is none. */
  secretOf({ user_id, totp_box }: Pick<UserRow, 'user_id' | 'totp_box'>): Buffer | null {
    if (totp_box === null) return null;
    return openBox(totp_box, { key: this.masterKey, purpose: purpose(user_id) });
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

const purpose = (userId: string): string => `totp ${userId}`;
