import { Query } from '@nestjs/cqrs';
import type { CallerIdentity } from '../../access/caller.decorator.js';
import type { ListDeliveriesQuery } from './webhook-delivery.resource.js';
import type { WebhookDeliveryRow } from './webhook-delivery.table.js';

/** One page, newest first. */
export interface DeliveryPage {
  readonly rows: readonly WebhookDeliveryRow[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Lists the deliveries that the caller may see. Refused when the cursor is not one of this list. */
export class ListDeliveries extends Query<DeliveryPage> {
  constructor(
    readonly page: ListDeliveriesQuery,
    readonly caller: CallerIdentity,
  ) {
    super();
  }
}
