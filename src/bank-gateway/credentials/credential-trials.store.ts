import { type Selectable, sql } from 'kysely';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import type { RandomSource } from '../../kernel/ids.js';
import type { DatabaseConnection, DatabaseTransaction } from '../../platform/database/database.js';
import type { MasterKeys } from '../../platform/personal-data/master-keys.js';
import { NONCE_BYTES } from '../../platform/personal-data/sealed-box.js';
import { contentOf, secretFrom } from './bank-secret.content.js';
import type { BankSecret } from './bank-secrets.port.js';
import type { BankCredentialTrialTable, TrialEnd } from './bank-credential-trial.table.js';

export type CredentialTrialRow = Selectable<BankCredentialTrialTable>;

/** Secrets that somebody wants in force, and what is needed to try them. */
export interface NewTrial {
  readonly trialId: string;
  readonly credentialId: string;
  readonly seenVersion: number;
  readonly secret: BankSecret;
  /** An account to list, where the bank knows callers by a key. */
  readonly account: string | null;
  readonly reason: string;
  readonly acting: ActContext;
}

interface TrialsParts {
  readonly database: DatabaseConnection;
  readonly masterKeys: MasterKeys;
  readonly random: RandomSource;
}

// Nobody waits longer for a bank to speak; the secrets are thrown away then.
const LONGEST_MINUTES = 15;

const purposeOf = (trialId: string): string => `bank-credential trial ${trialId}`;

/** Secrets that wait to be tried, locked under the master key; one at a time for each credential. */
export class CredentialTrials {
  constructor(private readonly parts: TrialsParts) {}

  /** False while another trial of the credential is under way. */
  async begin(tx: DatabaseTransaction, trial: NewTrial): Promise<boolean> {
    const { masterKeys, random } = this.parts;
    const { trialId, credentialId, seenVersion, secret, account, reason } = trial;
    await giveUpOld(tx, credentialId);
    const content = { account, secret: contentOf(secret).toString('utf8') };
    const box = masterKeys.seal(Buffer.from(JSON.stringify(content), 'utf8'), {
      nonce: random.bytes(NONCE_BYTES),
      purpose: purposeOf(trialId),
    });
    const { actor, address, requestId, traceId } = trial.acting;
    const acting = JSON.stringify({ actor, address, requestId, traceId });
    const { numAffectedRows = 0n } = await sql`
      insert into state.bank_credential_trial
        (trial_id, credential_id, seen_version, box, acting, reason, begun_at, lease_until)
      values (${trialId}, ${credentialId}, ${seenVersion}, ${box}, ${acting}, ${reason},
        clock_timestamp(), clock_timestamp())
      on conflict (credential_id) where outcome is null do nothing`.execute(tx);
    return numAffectedRows > 0n;
  }

  async find(credentialId: string, trialId: string): Promise<CredentialTrialRow | null> {
    const row = await this.parts.database.kysely
      .selectFrom('state.bank_credential_trial')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .where('trial_id', '=', trialId)
      .executeTakeFirst();
    return row ?? null;
  }

  async latest(credentialId: string): Promise<CredentialTrialRow | null> {
    const row = await this.parts.database.kysely
      .selectFrom('state.bank_credential_trial')
      .selectAll()
      .where('credential_id', '=', credentialId)
      .orderBy('begun_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  async isWaiting(tx: DatabaseTransaction, credentialId: string): Promise<boolean> {
    await giveUpOld(tx, credentialId);
    const { rows } = await sql`
      select from state.bank_credential_trial
      where credential_id = ${credentialId} and outcome is null`.execute(tx);
    return rows.length > 0;
  }

  /** One that waits and that nobody tries; it is the caller's for so long. */
  async take(
    credentialIds: readonly string[],
    leaseSeconds: number,
  ): Promise<CredentialTrialRow | null> {
    const { rows } = await sql<CredentialTrialRow>`
      update state.bank_credential_trial
      set lease_until = clock_timestamp() + ${leaseSeconds} * interval '1 second'
      where trial_id = (
        select trial_id from state.bank_credential_trial
        where outcome is null and lease_until <= clock_timestamp()
          and credential_id = any(${credentialIds}::text[])
        order by begun_at limit 1 for update skip locked)
      returning *`.execute(this.parts.database.kysely);
    return rows[0] ?? null;
  }

  /** Leaves it to whoever looks next. */
  async giveBack(trialId: string): Promise<void> {
    await sql`
      update state.bank_credential_trial set lease_until = clock_timestamp()
      where trial_id = ${trialId} and outcome is null`.execute(this.parts.database.kysely);
  }

  /** @throws BoxUnreadable  locked under another master key */
  opened({ trial_id: trialId, box }: CredentialTrialRow): {
    readonly secret: BankSecret;
    readonly account: string | null;
  } {
    const bytes = this.parts.masterKeys.open(box ?? Buffer.alloc(0), purposeOf(trialId));
    // Only what was sealed here opens, so its shape is known.
    const content = JSON.parse(bytes.toString('utf8')) as {
      readonly account: string | null;
      readonly secret: string;
    };
    return { account: content.account, secret: secretFrom(Buffer.from(content.secret, 'utf8')) };
  }

  /** Keeps others from ending it until the transaction is over. False when it has ended. */
  async hold(tx: DatabaseTransaction, trialId: string): Promise<boolean> {
    const { rows } = await sql`
      select from state.bank_credential_trial
      where trial_id = ${trialId} and outcome is null for update`.execute(tx);
    return rows.length > 0;
  }

  /** Writes down how it ended and throws the secrets away. */
  async end(tx: DatabaseTransaction, trialId: string, outcome: TrialEnd): Promise<void> {
    await sql`
      update state.bank_credential_trial
      set outcome = ${outcome}, ended_at = clock_timestamp(), box = null
      where trial_id = ${trialId} and outcome is null`.execute(tx);
  }

  /** Locks those that wait with the current master key; gives how many were locked with the one before. */
  async rewrap(): Promise<number> {
    const { database, masterKeys, random } = this.parts;
    const rows = await database.kysely
      .selectFrom('state.bank_credential_trial')
      .select(['trial_id', 'box'])
      .where('outcome', 'is', null)
      .execute();
    let rewrapped = 0;
    for (const { trial_id: trialId, box } of rows) {
      const sealing = { nonce: random.bytes(NONCE_BYTES), purpose: purposeOf(trialId) };
      const resealed = box === null ? null : masterKeys.reseal(box, sealing);
      if (resealed === null) continue;
      await sql`
        update state.bank_credential_trial set box = ${resealed}
        where trial_id = ${trialId} and outcome is null`.execute(database.kysely);
      rewrapped += 1;
    }
    return rewrapped;
  }
}

async function giveUpOld(tx: DatabaseTransaction, credentialId: string): Promise<void> {
  await sql`
    update state.bank_credential_trial
    set outcome = 'unknown', ended_at = clock_timestamp(), box = null
    where credential_id = ${credentialId} and outcome is null
      and begun_at < clock_timestamp() - ${LONGEST_MINUTES} * interval '1 minute'`.execute(tx);
}
