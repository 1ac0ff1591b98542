import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import type { MerchantTerms } from '../domain/merchant.decisions.js';
import type { MerchantRow } from '../merchant.table.js';

/**
 * Changes a merchant's terms, among them whether it is suspended. Refused with `not_found`, `version_changed`,
 * `tolerance_negative` or `match_days_out_of_range`.
 */
export class ChangeMerchant extends Command<MerchantRow> {
  constructor(
    readonly fields: {
      readonly merchantId: string;
      /** The version that the caller saw. */
      readonly version: number;
      readonly changes: Partial<MerchantTerms>;
    },
    readonly acting: ActContext,
  ) {
    super();
  }
}
