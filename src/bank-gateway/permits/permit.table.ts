import type { PermitRequest } from './permit-log.port.js';

/** One right to call; counts until the window after `resolved_at`, or after `deadline_at` while unresolved. */
interface PermitTable {
  permit_id: string;
  credential_id: string;
  operation: PermitRequest['operation'];
  transaction_id: string | null;
  taken_at: Date;
  /** The latest instant at which the bank can have received the call. */
  deadline_at: Date;
  /** When its answer was in; the bank counted the call no later. */
  resolved_at: Date | null;
}

/** No call of the credential before `until_at`. */
interface CoolDownTable {
  credential_id: string;
  until_at: Date;
  reason: string;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.permit': PermitTable;
    'state.cool_down': CoolDownTable;
  }
}
