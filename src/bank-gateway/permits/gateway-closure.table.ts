/** A credential under which nothing may be sent. */
interface GatewayClosureTable {
  credential_id: string;
  closed_at: Date;
  reason: string;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.gateway_closure': GatewayClosureTable;
  }
}
