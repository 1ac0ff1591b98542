// Codes for the day an authenticator is lost: ten of 140 random bits each, kept as hashes, each good for one sign-in.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RandomSource } from '../../kernel/ids.js';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import { base32 } from './totp.js';

const HOW_MANY = 10;
// Base32 has five bits a digit; 128 bits or more need no slow hash (OWASP ASVS 5, 6.5.2 and 11.5.1).
const BYTES = 20;
const DIGITS = 28;

interface RecoveryCodeTable {
  readonly user_id: string;
  readonly code_hash: Buffer;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.recovery_code': RecoveryCodeTable;
  }
}

/** In groups of four, as people copy them: `ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ23`. */
export const newRecoveryCodes = (random: RandomSource): readonly string[] =>
  Array.from({ length: HOW_MANY }, () =>
    (base32(random.bytes(BYTES)).slice(0, DIGITS).match(/.{4}/g) ?? []).join('-'),
  );

// Enough of chance that a slow hash would add nothing; the user makes equal codes of two users differ.
const hashOf = (userId: string, code: string): Buffer =>
  createHash('sha256')
    .update(`recovery ${userId} ${code.toUpperCase().replaceAll(/[^A-Z2-7]/g, '')}`)
    .digest();

/** Puts fresh codes in the place of all that were there. */
export async function replaceRecoveryCodes(
  tx: DatabaseTransaction,
  userId: string,
  codes: readonly string[],
): Promise<void> {
  await forgetRecoveryCodes(tx, userId);
  await tx
    .insertInto('state.recovery_code')
    .values(codes.map((code) => ({ user_id: userId, code_hash: hashOf(userId, code) })))
    .execute();
}

/** Uses a code up; how many are left, or null when it is none. */
export async function useRecoveryCode(
  tx: DatabaseTransaction,
  userId: string,
  code: string,
): Promise<number | null> {
  const { numDeletedRows } = await tx
    .deleteFrom('state.recovery_code')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hashOf(userId, code))
    .executeTakeFirst();
  if (numDeletedRows === 0n) return null;
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from state.recovery_code where user_id = ${userId}`.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function forgetRecoveryCodes(tx: DatabaseTransaction, userId: string): Promise<void> {
  await tx.deleteFrom('state.recovery_code').where('user_id', '=', userId).execute();
}
