/** Uses of one window, over all instances. */
export interface RequestCountTable {
  readonly policy: string;
  readonly caller: string;
  readonly window_start: Date;
  readonly used: number;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.request_count': RequestCountTable;
  }
}
