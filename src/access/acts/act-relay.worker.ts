import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { accept } from '../../kernel/rejection.js';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import { CommandRunner, type Aggregate } from '../../platform/event-store/command-runner.js';
import type { Worker } from '../../platform/workers/worker.js';
import { securityActRecorded, type SecurityActEvent } from './security-act.event.js';
import type { SecurityActRow } from './security-act.table.js';

// Any fixed number will do, as long as nothing else in this database takes it.
const LOCK = 7_201_000_025n;
const AT_ONCE = 100;

const nothingToKnow: Aggregate<null, SecurityActEvent> = {
  initialState: null,
  evolve: () => null,
};

/** Brings acts to the log, one instance at a time and in the order in which they were written down. */
@Injectable()
export class ActRelayWorker implements Worker {
  readonly name = 'act-relay';
  readonly role = 'api';
  readonly everyMs = 500;

  constructor(
    private readonly db: DatabaseConnection,
    private readonly runner: CommandRunner,
  ) {}

  run(): Promise<'idle' | 'busy'> {
    return this.db.kysely.transaction().execute(async (tx) => {
      if (!(await takesTurn(tx))) return 'idle';
      const acts = await tx
        .selectFrom('state.security_act')
        .selectAll()
        .orderBy('act_id')
        .limit(AT_ONCE)
        .execute();
      for (const act of acts) await this.append(act);
      // Only now: after a crash in between, the ids of the events tell the log that it has them.
      await tx
        .deleteFrom('state.security_act')
        .where('act_id', '=', sql<bigint>`any(${acts.map(({ act_id }) => act_id)}::bigint[])`)
        .execute();
      return acts.length === AT_ONCE ? 'busy' : 'idle';
    });
  }

  private async append(act: SecurityActRow): Promise<void> {
    await this.runner.run<null, SecurityActEvent, never>({
      streamName: `access-${act.stream_id}`,
      aggregate: nothingToKnow,
      commandId: act.event_id,
      context: {
        actor: act.actor,
        requestId: act.request_id,
        correlationId: act.request_id,
        causationId: act.request_id,
        traceId: act.trace_id,
      },
      decide: () => accept(securityActRecorded(act.data)),
    });
  }
}

const takesTurn = async (tx: DatabaseTransaction): Promise<boolean> => {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(${LOCK}) as mine`.execute(tx);
  return rows[0]?.mine ?? false;
};
