import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { SecurityActs, type ActContext } from '../acts/security-acts.port.js';
import { UserStore } from '../users/user.store.js';
import type { UserRow } from '../users/user.table.js';
import { OneTimeCodes } from './one-time-codes.js';
import { useRecoveryCode } from './recovery-codes.store.js';

/** What a person gives beside the password: one of the two, where one-time codes are in use. */
export interface FactorProof {
  readonly totpCode: string | null;
  /** In place of a one-time code. */
  readonly recoveryCode: string | null;
}

/** Takes one-time codes and recovery codes, each once. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly users: UserStore,
    readonly codes: OneTimeCodes,
    private readonly acts: SecurityActs,
  ) {}

  /** Uses up what was given; false when it is wrong, old, or was used before. */
  take(
    { user_id: userId }: UserRow,
    { totpCode, recoveryCode }: FactorProof,
    acting: ActContext,
  ): Promise<boolean> {
    return this.users.inTransaction(async (tx) => {
      // Held, so that one code proves one thing even when two come at once.
      const held = await this.users.hold(tx, userId);
      if (held === null) return false;
      return totpCode === null
        ? this.takeRecoveryCode(tx, held, { code: recoveryCode ?? '', acting })
        : this.takeTotpCode(tx, held, totpCode);
    });
  }

  private async takeTotpCode(
    tx: DatabaseTransaction,
    user: UserRow,
    code: string,
  ): Promise<boolean> {
    const step = this.codes.stepOf(user, code);
    if (step === null) return false;
    await this.users.change(tx, user.user_id, { totp_last_step: BigInt(step) });
    return true;
  }

  private async takeRecoveryCode(
    tx: DatabaseTransaction,
    { user_id: userId, merchant_id: merchantId }: UserRow,
    { code, acting }: { readonly code: string; readonly acting: ActContext },
  ): Promise<boolean> {
    const left = await useRecoveryCode(tx, userId, code);
    if (left === null) return false;
    const actor = `user:${userId}`;
    const act = { act: 'user.recovery_code_used' as const, subject: actor, merchantId };
    await this.acts.record({ ...act, particulars: { left } }, { ...acting, actor }, tx);
    return true;
  }
}
