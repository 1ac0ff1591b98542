import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { offline, SecurityActs, type SecurityAct } from '../../access/acts/security-acts.port.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import type { Worker } from '../../platform/workers/worker.js';

const AT_ONCE = 100;

interface UntoldAct {
  readonly act_id: bigint;
  readonly credential_id: string;
  readonly act: keyof typeof NAMES;
  readonly done_by: string;
  readonly reason: string;
  readonly done_at: Date;
}

const NAMES = {
  closed: 'bank_gateway.closed',
  reopened: 'bank_gateway.reopened',
  credentials_stored: 'bank_credential.stored',
  credentials_removed: 'bank_credential.removed',
  credential_created: 'bank_credential.created',
  credential_retired: 'bank_credential.retired',
} as const satisfies Record<string, SecurityAct['act']>;

/** Tells the audit who closed and opened the way to a bank, and who changed its secrets. */
@Injectable()
export class GatewayActsWorker implements Worker {
  readonly name = 'gateway-acts';
  readonly role = 'api';
  readonly everyMs = 1_000;

  constructor(
    private readonly db: DatabaseConnection,
    private readonly acts: SecurityActs,
  ) {}

  run(): Promise<'idle' | 'busy'> {
    return this.db.kysely.transaction().execute(async (tx) => {
      // What another instance tells at this moment is left to it; a crash undoes the mark and the act together.
      const { rows } = await sql<UntoldAct>`
        update state.gateway_act set told = true where act_id in (
          select act_id from state.gateway_act where not told
          order by act_id limit ${AT_ONCE} for update skip locked)
        returning act_id, credential_id, act, done_by, reason, done_at`.execute(tx);
      for (const row of rows.toSorted((a, b) => Number(a.act_id - b.act_id))) {
        await this.acts.record(
          {
            act: NAMES[row.act],
            subject: `bank_credential:${row.credential_id}`,
            particulars: { why: row.reason, doneAt: row.done_at.toISOString() },
          },
          // A name that a person gave on the command line is no user of ours.
          offline(row.done_by.startsWith('process:') ? row.done_by : `person:${row.done_by}`),
          tx,
        );
      }
      return rows.length === AT_ONCE ? 'busy' : 'idle';
    });
  }
}
