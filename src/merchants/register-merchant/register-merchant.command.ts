import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../../access/acts/security-acts.port.js';

export interface RegisteredMerchant {
  readonly merchantId: string;
  /** False when the same merchant was there already. */
  readonly created: boolean;
}

/**
 * Registers a merchant; the same command again changes nothing.
 * Refused with `merchant_id_taken`, `tolerance_negative` or `match_days_out_of_range`.
 */
export class RegisterMerchant extends Command<RegisteredMerchant> {
  constructor(
    readonly fields: {
      /** Null: a fresh id is made. */
      readonly merchantId: string | null;
      readonly name: string;
      readonly toleranceUnderMinor: bigint;
      readonly toleranceOverMinor: bigint;
      /** How long an expired claim is still matched. */
      readonly matchDays: number;
      /** Who is told by mail; left out: nobody. */
      readonly contactEmail?: string | null;
      readonly registeredBy: string;
    },
    /** Left out where no request leads to it. */
    readonly acting: ActContext | null = null,
  ) {
    super();
  }
}
