import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RandomSource, uuidFrom } from '../../kernel/ids.js';
import { markRequestDone } from '../../platform/http/idempotency/idempotency-records.store.js';
import { DatabaseConnection, type DatabaseTransaction } from '../../platform/database/database.js';
import type { AppendQueue } from '../../platform/projections/queued-appends.js';
import type { SecurityActRecorded } from './security-act.event.js';
import { ActWitnesses } from './act-witnesses.port.js';
import './security-act.table.js';
import { SecurityActs, type ActContext, type SecurityAct } from './security-acts.port.js';

/** Acts in a table beside what they changed, until the relay has brought them to the log. */
@Injectable()
export class PostgresSecurityActs extends SecurityActs implements AppendQueue {
  readonly category = 'access';

  constructor(
    private readonly db: DatabaseConnection,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly witnesses: ActWitnesses,
  ) {
    super();
  }

  async record(
    { refusedFor, ...act }: SecurityAct,
    { actor, address, requestId, traceId, onQueued }: ActContext,
    tx?: DatabaseTransaction,
  ): Promise<void> {
    const data: SecurityActRecorded = {
      merchantId: null,
      particulars: {},
      ...act,
      address,
      result: refusedFor === undefined ? 'done' : 'refused',
      reason: refusedFor ?? null,
      at: this.clock.now().toISOString(),
    };
    const eventId = this.random.uuid();
    const { act_id: id } = await (tx ?? this.db.kysely)
      .insertInto('state.security_act')
      .values({
        event_id: eventId,
        stream_id: uuidFrom('security acts', act.subject),
        data: JSON.stringify(data),
        actor,
        request_id: requestId,
        trace_id: traceId,
      })
      .returning('act_id')
      .executeTakeFirstOrThrow();
    onQueued?.(id);
    if (tx === undefined || data.result !== 'done') return;
    await this.witnesses.tell({ ...data, eventId, actor }, tx);
    await markRequestDone(tx);
  }

  async since(id: bigint): Promise<Date | null> {
    const waiting = await this.db.kysely
      .selectFrom('state.security_act')
      .select('data')
      .where('act_id', '=', id)
      .executeTakeFirst();
    return waiting === undefined ? null : new Date(waiting.data.at);
  }
}
