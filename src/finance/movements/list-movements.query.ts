import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { ListMovementsQuery } from './list-movements.request.js';
import type { MovementResource } from './movement.resource.js';

/** One page, seen last first. */
export interface MovementPage {
  readonly data: readonly MovementResource[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Lists what the bank shows on the receiving accounts that the caller may see. */
export class ListMovements extends Query<MovementPage> {
  constructor(
    readonly page: ListMovementsQuery,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
