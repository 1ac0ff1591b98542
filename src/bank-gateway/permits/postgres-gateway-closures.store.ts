import { sql } from 'kysely';
import { DatabaseConnection } from '../../platform/database/database.js';
import { type GatewayClosure, GatewayClosures } from './gateway-closures.port.js';
import './gateway-closure.table.js';

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

  async close(credentialId: string, reason: string): Promise<void> {
    await sql`
      insert into state.gateway_closure (credential_id, closed_at, reason)
      values (${credentialId}, clock_timestamp(), ${reason})
      on conflict (credential_id) do nothing`.execute(this.database.kysely);
  }

  async reopen(credentialId: string): Promise<boolean> {
    const { numDeletedRows } = await this.database.kysely
      .deleteFrom('state.gateway_closure')
      .where('credential_id', '=', credentialId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}
