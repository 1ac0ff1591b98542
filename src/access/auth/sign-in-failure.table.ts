/** Failed sign-ins of an account from a network; the network `*` stands for all of them. */
export interface SignInFailureTable {
  readonly account_hash: Buffer;
  readonly network: string;
  readonly failures: number;
  readonly last_failed_at: Date;
}

/** Networks that a user signed in from. */
export interface KnownNetworkTable {
  readonly user_id: string;
  readonly network: string;
  readonly last_seen_at: Date;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'state.sign_in_failure': SignInFailureTable;
    'state.known_network': KnownNetworkTable;
  }
}
