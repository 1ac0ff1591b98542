import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { DatabaseConnection } from '../../platform/database/database.js';
import type { Failures } from '../domain/sign-in.decisions.js';
import './sign-in-failure.table.js';

const ANYWHERE = '*';

/** What is known of attempts on one account from one network. */
export interface KnownFailures {
  readonly here: Failures | null;
  readonly anywhere: Failures | null;
  readonly knownHere: boolean;
}

@Injectable()
export class SignInFailureStore {
  constructor(private readonly db: DatabaseConnection) {}

  async find(email: string, network: string): Promise<KnownFailures> {
    const rows = await this.db.kysely
      .selectFrom('state.sign_in_failure')
      .selectAll()
      .where('account_hash', '=', accountOf(email))
      .where('network', 'in', [network, ANYWHERE])
      .execute();
    const of = (where: string): Failures | null => {
      const row = rows.find((one) => one.network === where);
      return row === undefined ? null : { count: row.failures, lastAt: row.last_failed_at };
    };
    const known = await this.db.kysely
      .selectFrom('state.known_network')
      .innerJoin('state.app_user', 'state.app_user.user_id', 'state.known_network.user_id')
      .select('network')
      .where('email', '=', email)
      .where('network', '=', network)
      .executeTakeFirst();
    return { here: of(network), anywhere: of(ANYWHERE), knownHere: known !== undefined };
  }

  /** Counts one more failure; those of more than a day ago are forgotten. */
  async add(email: string, network: string, now: Date): Promise<void> {
    await sql`
      insert into state.sign_in_failure as known (account_hash, network, failures, last_failed_at)
      select ${accountOf(email)}, network, 1, ${now} from unnest(${[network, ANYWHERE]}::text[]) as network
      on conflict (account_hash, network) do update set
        failures = case when known.last_failed_at < excluded.last_failed_at - interval '1 day'
          then 1 else known.failures + 1 end,
        last_failed_at = excluded.last_failed_at`.execute(this.db.kysely);
  }

  /** The person proved itself here: what failed here is forgiven, and the network is known from now on. */
  async forgive(
    { userId, email }: { readonly userId: string; readonly email: string },
    network: string,
    now: Date,
  ): Promise<void> {
    await this.db.kysely
      .deleteFrom('state.sign_in_failure')
      .where('account_hash', '=', accountOf(email))
      .where('network', '=', network)
      .execute();
    await this.db.kysely
      .insertInto('state.known_network')
      .values({ user_id: userId, network, last_seen_at: now })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'network']).doUpdateSet({ last_seen_at: now }),
      )
      .execute();
  }

  /** Forgets what no longer counts. Tells how many. */
  async flush(failedBefore: Date, seenBefore: Date): Promise<number> {
    const failures = await this.db.kysely
      .deleteFrom('state.sign_in_failure')
      .where('last_failed_at', '<', failedBefore)
      .executeTakeFirst();
    const networks = await this.db.kysely
      .deleteFrom('state.known_network')
      .where('last_seen_at', '<', seenBefore)
      .executeTakeFirst();
    return Number(failures.numDeletedRows + networks.numDeletedRows);
  }
}

const accountOf = (email: string): Buffer => hash('sha256', `account ${email}`, 'buffer');
