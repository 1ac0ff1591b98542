import { sql } from 'kysely';
import type { ActContext, SecurityActs } from '../../access/acts/security-acts.port.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import type { DatabaseConnection, DatabaseTransaction } from '../../platform/database/database.js';
import { markRequestDone } from '../../platform/http/idempotency/idempotency-records.store.js';
import { close, reopen } from '../permits/postgres-gateway-closures.store.js';
import type { BankSecrets } from './bank-secrets.port.js';
import type { CredentialTrials, NewTrial } from './credential-trials.store.js';

interface ActsParts {
  readonly database: DatabaseConnection;
  readonly secrets: BankSecrets;
  readonly trials: CredentialTrials;
  readonly acts: SecurityActs;
}

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

  /** Lets the secrets of the configuration hold again. @throws RuleViolation  `version_changed` */
  removeSecret(seen: SeenCredential): Promise<void> {
    return this.inTurn(seen, async (tx, act) => {
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
      const lock = `bank_credential:${credentialId}`;
      await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
      const present = await latestAct(tx, credentialId);
      if (present !== version) {
        throw new RuleViolation(reject('version_changed', { version: present }));
      }
      await work(tx, { by: acting.actor, reason, told: true });
      // What was so already left no act, and took effect all the same.
      await markRequestDone(tx);
    });
  }

  private tell(
    act: Parameters<SecurityActs['record']>[0]['act'],
    { credentialId, reason, acting }: SeenCredential,
    tx: DatabaseTransaction,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const subject = `bank_credential:${credentialId}`;
    return this.parts.acts.record(
      { act, subject, particulars: { why: reason, ...more } },
      acting,
      tx,
    );
  }
}

async function latestAct(db: DatabaseConnection['kysely'], credentialId: string): Promise<number> {
  const { rows } = await sql<{ version: string }>`
    select coalesce(max(act_id), 0)::text as version
    from state.gateway_act where credential_id = ${credentialId}`.execute(db);
  return Number(rows[0]?.version ?? 0);
}
