import { flag } from '../platform/config/shapes.js';
import { configSection, variable } from '../platform/config/variable.js';

/** What this installation allows its merchants. */
export class MerchantsConfig extends configSection({
  sharedPagoMovil: variable('PAGO_MOVIL_ACCOUNTS_SHARED', flag, {
    fallback: 'false',
    doc: 'Whether several accounts of one bank credential may receive Pago Móvil. A look-up does not tell them apart: a payment to one then proves a claim on another.',
  }),
}) {}
