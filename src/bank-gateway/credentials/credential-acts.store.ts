import { sql } from 'kysely';
import type { ActContext, SecurityActs } from '../../access/acts/security-acts.port.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseConnection, DatabaseTransaction } from '../../platform/database/database.js';
import { markRequestDone } from '../../platform/http/idempotency/idempotency-records.store.js';
import { close, reopen } from '../permits/postgres-gateway-closures.store.js';
import type { BankRegistry } from '../bank-registry.js';
import type { CreatedCredential, CredentialParticulars } from '../created-credential.js';
import type { BankSecrets } from './bank-secrets.port.js';
import type { CreatedCredentials } from './created-credentials.store.js';
import { writeAct } from './postgres-bank-secrets.store.js';
import { holdCredential } from './registered-credential-names.store.js';
import type { CredentialUses } from './credential-uses.port.js';
import type { CredentialTrials, NewTrial } from './credential-trials.store.js';

interface ActsParts {
  readonly database: DatabaseConnection;
  readonly secrets: BankSecrets;
  readonly trials: CredentialTrials;
  readonly acts: SecurityActs;
  readonly registry: BankRegistry;
  readonly created: CreatedCredentials;
  readonly uses: CredentialUses;
  /** How long an instance may go on taking claims for an account as it was before it was moved. */
  readonly rememberedMs: number;
}

/** What an admin gives for a credential that is to be. */
export interface NewCredential extends Pick<NewTrial, 'trialId' | 'secret' | 'account'> {
  readonly particulars: CredentialParticulars;
  readonly reason: string;
  readonly acting: ActContext;
}

// Each has a line, a speaker and figures of its own in every process.
const MOST_CREATED = 50;
// Beyond what instances remember of an account: until a claim that rests on it stands in the queue.
const SPARE_MS = 60_000;

/** What somebody does to a credential, having seen it at a version. */
export interface SeenCredential {
  readonly credentialId: string;
  readonly version: number;
  readonly reason: string;
  readonly acting: ActContext;
}

/**
 * What people do to credentials over HTTP: each act with its place in the audit, in one transaction. The version of a
 * credential is the number of its latest act, so that whoever decides on an older picture is told.
 */
export class CredentialActs {
  constructor(private readonly parts: ActsParts) {}

  /** 0 for a credential to which nothing was done yet. */
  version(credentialId: string): Promise<number> {
    return latestAct(this.parts.database.kysely, credentialId);
  }

  /**
   * Makes a credential, and leaves its secrets to be tried: it is in force once the bank takes them.
   * @throws RuleViolation  `credential_id_taken`, `too_many_credentials`, `trial_under_way`
   */
  create({ particulars, trialId, secret, account, reason, acting }: NewCredential): Promise<void> {
    const { database, registry, created, trials } = this.parts;
    const { credentialId } = particulars;
    return database.kysely.transaction().execute(async (tx) => {
      await holdCredential(tx, credentialId);
      const present = await created.find(tx, credentialId);
      if (registry.isConfigured(credentialId) || !mayBecome(present, particulars)) {
        throw new RuleViolation(reject('credential_id_taken'));
      }
      if (present?.standing !== 'untested' && (await created.count(tx)) >= MOST_CREATED) {
        throw new RuleViolation(reject('too_many_credentials', { most: MOST_CREATED }));
      }
      await created.put(tx, particulars);
      const seenVersion = 0;
      const trial = { trialId, secret, account, credentialId, seenVersion, reason, acting };
      if (!(await trials.begin(tx, trial))) throw new RuleViolation(reject('trial_under_way'));
      await writeAct(tx, credentialId, 'credential_created', {
        by: acting.actor,
        reason,
        told: true,
      });
      const { bank, affiliate, calls, windowMs } = particulars;
      const told = { bank, affiliate, calls, windowMs, trialId };
      await this.tell('bank_credential.created', { credentialId, reason, acting }, tx, told);
      await markRequestDone(tx);
    });
  }

  /**
   * Asks nothing under it any more, and deletes its secrets; its name is never given again.
   * @throws RuleViolation  `version_changed`, `credential_configured`, `credential_in_use`,
   *   `credential_left_lately`, `trial_under_way`
   */
  retire(seen: SeenCredential): Promise<void> {
    const { created, secrets, trials, uses } = this.parts;
    const { credentialId } = seen;
    return this.inTurn(seen, async (tx, act) => {
      if ((await created.find(tx, credentialId)) === null) {
        throw new RuleViolation(reject('credential_configured'));
      }
      if (await trials.isWaiting(tx, credentialId))
        throw new RuleViolation(reject('trial_under_way'));
      const { accounts, openClaims } = await uses.of(tx, credentialId);
      if (accounts + openClaims > 0) {
        throw new RuleViolation(reject('credential_in_use', { accounts, open_claims: openClaims }));
      }
      if (await created.wasLeftWithin(tx, credentialId, this.parts.rememberedMs + SPARE_MS)) {
        throw new RuleViolation(reject('credential_left_lately'));
      }
      await secrets.remove(credentialId, act, tx);
      await created.retire(tx, credentialId);
      await writeAct(tx, credentialId, 'credential_retired', act);
      await this.tell('bank_credential.retired', seen, tx);
    });
  }

  /** @throws RuleViolation  `version_changed` */
  pause(seen: SeenCredential): Promise<void> {
    return this.inTurn(seen, async (tx, act) => {
      if (await close(tx, seen.credentialId, act)) await this.tell('bank_gateway.closed', seen, tx);
    });
  }

  /** @throws RuleViolation  `version_changed` */
  resume(seen: SeenCredential): Promise<void> {
    return this.inTurn(seen, async (tx, act) => {
      if (await reopen(tx, seen.credentialId, act)) {
        await this.tell('bank_gateway.reopened', seen, tx);
      }
    });
  }

  /** Lets the secrets of the configuration hold again. @throws RuleViolation  `version_changed`, `credential_created` */
  removeSecret(seen: SeenCredential): Promise<void> {
    return this.inTurn(seen, async (tx, act) => {
      if ((await this.parts.created.find(tx, seen.credentialId)) !== null) {
        throw new RuleViolation(reject('credential_created'));
      }
      if (await this.parts.secrets.remove(seen.credentialId, act, tx)) {
        await this.tell('bank_credential.removed', seen, tx);
      }
    });
  }

  /** Leaves secrets to be tried. @throws RuleViolation  `version_changed`, `trial_under_way` */
  beginTrial(
    seen: SeenCredential,
    trial: Pick<NewTrial, 'trialId' | 'secret' | 'account'>,
  ): Promise<void> {
    const { secrets, trials } = this.parts;
    const { credentialId, acting, reason } = seen;
    return this.inTurn(seen, async (tx) => {
      const seenVersion = await secrets.version(credentialId);
      const asked = { ...trial, credentialId, seenVersion, reason, acting };
      if (!(await trials.begin(tx, asked))) throw new RuleViolation(reject('trial_under_way'));
      await this.tell('bank_credential.submitted', seen, tx, { trialId: trial.trialId });
    });
  }

  private inTurn(
    { credentialId, version, reason, acting }: SeenCredential,
    work: (
      tx: DatabaseTransaction,
      act: { readonly by: string; readonly reason: string; readonly told: true },
    ) => Promise<void>,
  ): Promise<void> {
    return this.parts.database.kysely.transaction().execute(async (tx) => {
      // The lock that storing secrets takes as well: two people act one after the other.
      await holdCredential(tx, credentialId);
      const present = await latestAct(tx, credentialId);
      if (present !== version) {
        throw new RuleViolation(reject('version_changed', { version: present }));
      }
      if ((await this.parts.created.find(tx, credentialId))?.standing === 'retired') {
        throw new RuleViolation(reject('credential_retired'));
      }
      await work(tx, { by: acting.actor, reason, told: true });
      // What was so already left no act, and took effect all the same.
      await markRequestDone(tx);
    });
  }

  private tell(
    act: Parameters<SecurityActs['record']>[0]['act'],
    { credentialId, reason, acting }: Omit<SeenCredential, 'version'>,
    tx: DatabaseTransaction,
    more: Readonly<Record<string, string | number | null>> = {},
  ): Promise<void> {
    const subject = `bank_credential:${credentialId}`;
    return this.parts.acts.record(
      { act, subject, particulars: { why: reason, ...more } },
      acting,
      tx,
    );
  }
}

/** A retired one may come back as what it was, since claims still name it; never as something else. */
const mayBecome = (present: CreatedCredential | null, asked: CredentialParticulars): boolean =>
  present === null ||
  present.standing === 'untested' ||
  (present.standing === 'retired' &&
    present.bank === asked.bank &&
    present.affiliate === asked.affiliate);

async function latestAct(db: DatabaseConnection['kysely'], credentialId: string): Promise<number> {
  const { rows } = await sql<{ version: string }>`
    select coalesce(max(act_id), 0)::text as version
    from state.gateway_act where credential_id = ${credentialId}`.execute(db);
  return Number(rows[0]?.version ?? 0);
}
