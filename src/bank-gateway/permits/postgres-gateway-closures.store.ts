import { type Kysely, sql } from 'kysely';
import { type Database, DatabaseConnection } from '../../platform/database/database.js';
import { type GatewayAct, type GatewayClosure, GatewayClosures } from './gateway-closures.port.js';
import './gateway-closure.table.js';
import './permit.table.js';

/** Closures in Postgres; each act is written down in the statement that does it. */
export class PostgresGatewayClosures extends GatewayClosures {
  constructor(private readonly database: DatabaseConnection) {
    super();
  }

  async find(credentialId: string): Promise<GatewayClosure | null> {
    const row = await this.database.kysely
      .selectFrom('state.gateway_closure')
      .select(['closed_at', 'reason'])
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    return row === undefined ? null : { closedAt: row.closed_at, reason: row.reason };
  }

  close(credentialId: string, act: GatewayAct): Promise<boolean> {
    return close(this.database.kysely, credentialId, act);
  }

  reopen(credentialId: string, act: GatewayAct): Promise<boolean> {
    return reopen(this.database.kysely, credentialId, act);
  }

  /** Whether a call was permitted under the credential while permits are kept. */
  async wasUsed(credentialId: string): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom('state.permit')
      .select('permit_id')
      .where('credential_id', '=', credentialId)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }
}

/** False when it was closed already. */
export async function close(
  db: Kysely<Database>,
  credentialId: string,
  { by, reason, told = false }: GatewayAct,
): Promise<boolean> {
  const { rows } = await sql`
    with done as (
      insert into state.gateway_closure (credential_id, closed_at, reason)
      values (${credentialId}, clock_timestamp(), ${reason})
      on conflict (credential_id) do nothing
      returning credential_id
    )
    insert into state.gateway_act (credential_id, act, done_by, reason, done_at, told)
    select credential_id, 'closed', ${by}, ${reason}, clock_timestamp(), ${told} from done
    returning act_id`.execute(db);
  return rows.length > 0;
}

/** False when it was open already. */
export async function reopen(
  db: Kysely<Database>,
  credentialId: string,
  { by, reason, told = false }: GatewayAct,
): Promise<boolean> {
  const { rows } = await sql`
    with done as (
      delete from state.gateway_closure where credential_id = ${credentialId}
      returning credential_id
    )
    insert into state.gateway_act (credential_id, act, done_by, reason, done_at, told)
    select credential_id, 'reopened', ${by}, ${reason}, clock_timestamp(), ${told} from done
    returning act_id`.execute(db);
  return rows.length > 0;
}
