import { Command } from '@nestjs/cqrs';
import type { ActContext } from '../../access/acts/security-acts.port.js';
import type { LocalDate } from '../../kernel/local-date.js';
import type { ReceivingAccountRow } from '../merchant.table.js';

/**
 * Moves an account to another credential of the same affiliate, or the right to receive Pago Móvil to it or away from
 * it. Refused with `not_found`, `version_changed`, `credential_unknown`, `affiliate_differs`,
 * `pago_movil_account_taken` or `pago_movil_day_out_of_range`.
 */
export class ChangeReceivingAccount extends Command<ReceivingAccountRow> {
  constructor(
    readonly fields: {
      readonly merchantId: string;
      readonly receivingAccountId: string;
      /** The version that the caller saw. */
      readonly version: number;
      readonly reason: string;
      /** Null: it stays. */
      readonly credentialId: string | null;
      /** Null: as it is. */
      readonly receivesPagoMovil: boolean | null;
      /** The account that receives it at present; null: none does. */
      readonly takesPagoMovilFrom: string | null;
      /** The first day of the change, in Caracas; null: today. */
      readonly pagoMovilOn: LocalDate | null;
    },
    readonly acting: ActContext,
  ) {
    super();
  }
}
