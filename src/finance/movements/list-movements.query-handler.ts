import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../kernel/clock.js';
import { DatabaseConnection } from '../../platform/database/database.js';
import { PageCursors, type PageEnd } from '../../platform/http/page-cursor.js';
import { ProblemError } from '../../platform/http/problem.js';
import { CommissionShares } from '../../verification/commission-shares.port.js';
import { merchantOf } from '../merchant-of.js';
import { ListMovements, type MovementPage } from './list-movements.query.js';
import { resourceOfMovement } from './movement.resource.js';
import { selectMovements, withdrawnClaims } from './movements.store.js';
import { withdrawnFor } from './withdrawn.js';

const HOUR_MS = 3_600_000;

@QueryHandler(ListMovements)
export class ListMovementsHandler implements IQueryHandler<ListMovements> {
  constructor(
    private readonly db: DatabaseConnection,
    private readonly cursors: PageCursors,
    private readonly shares: CommissionShares,
    private readonly clock: Clock,
  ) {}

  async execute({ page, caller }: ListMovements): Promise<MovementPage> {
    const { limit, cursor, min_age_hours: hours, ...filters } = page;
    const merchantId = merchantOf(page.merchant_id, caller);
    const bound = { ...filters, merchant_id: merchantId ?? undefined, hours };
    const after = cursor === undefined ? null : this.readCursor(cursor, bound);
    const narrowing = {
      ...filters,
      merchant_id: merchantId ?? undefined,
      observed_until:
        hours === undefined ? undefined : new Date(this.clock.now().getTime() - hours * HOUR_MS),
    };
    const { kysely } = this.db;
    // One more than asked for says whether there is another page.
    const beyond = { shares: this.shares.all(), limit: limit + 1 };
    const { rows } = await selectMovements(narrowing, after, beyond).execute(kysely);
    const shown = rows.slice(0, limit);
    const unclaimed = shown.filter(({ state }) => state === 'unclaimed');
    const withdrawn = await withdrawnClaims(kysely, unclaimed, merchantId);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => resourceOfMovement(row, merchantId, withdrawnFor(row, withdrawn))),
      nextCursor:
        last === undefined
          ? null
          : this.cursors.write({ key: last.observed_position, id: last.movement_id }, bound),
    };
  }

  private readCursor(cursor: string, bound: unknown): PageEnd {
    const after = this.cursors.read(cursor, bound);
    if (after !== null) return after;
    const reason = 'is not a cursor of this list with these filters';
    throw new ProblemError('invalid_input', {
      errors: [{ in: 'query', pointer: '/cursor', reason }],
    });
  }
}
