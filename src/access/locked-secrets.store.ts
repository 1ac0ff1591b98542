import type { Kysely } from 'kysely';
import type { RandomSource } from '../kernel/ids.js';
import type { Database } from '../platform/database/database.js';
import type { MasterKeys } from '../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../platform/personal-data/sealed-box.js';
import { purposeOfTotp } from './auth/one-time-codes.js';
import { purposeOfSigningKey } from './sessions/signing-keys.store.js';
import './sessions/signing-key.table.js';
import './users/user.table.js';

interface Parts {
  readonly kysely: Kysely<Database>;
  readonly masterKeys: MasterKeys;
  readonly random: RandomSource;
}

/**
 * Locks the keys that sign tokens and the secrets of one-time codes with the current master key; gives how many were
 * locked with the one before. May be stopped and run again.
 */
export async function rewrapAccessSecrets(parts: Parts): Promise<number> {
  return (await rewrapSigningKeys(parts)) + (await rewrapOneTimeCodes(parts));
}

async function rewrapSigningKeys({ kysely, masterKeys, random }: Parts): Promise<number> {
  const rows = await kysely
    .selectFrom('state.signing_key')
    .select(['key_id', 'private_box'])
    .execute();
  let rewrapped = 0;
  for (const { key_id: keyId, private_box: before } of rows) {
    const sealing = { nonce: random.bytes(NONCE_BYTES), purpose: purposeOfSigningKey(keyId) };
    const box = masterKeys.reseal(before, sealing);
    if (box === null) continue;
    await kysely
      .updateTable('state.signing_key')
      .set({ private_box: box })
      .where('key_id', '=', keyId)
      .execute();
    rewrapped += 1;
  }
  return rewrapped;
}

async function rewrapOneTimeCodes({ kysely, masterKeys, random }: Parts): Promise<number> {
  const rows = await kysely
    .selectFrom('state.app_user')
    .select(['user_id', 'totp_box'])
    .where('totp_box', 'is not', null)
    .execute();
  let rewrapped = 0;
  for (const { user_id: userId, totp_box: before } of rows) {
    const sealing = { nonce: random.bytes(NONCE_BYTES), purpose: purposeOfTotp(userId) };
    const box = before === null ? null : masterKeys.reseal(before, sealing);
    if (box === null) continue;
    const { numUpdatedRows } = await kysely
      .updateTable('state.app_user')
      .set({ totp_box: box })
      .where('user_id', '=', userId)
      // Somebody may have begun anew in between, under the current key.
      .where('totp_box', '=', before)
      .executeTakeFirst();
    rewrapped += Number(numUpdatedRows);
  }
  return rewrapped;
}
