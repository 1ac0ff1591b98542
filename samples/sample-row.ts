/** A claim as a merchant's backend would submit it, and what should become of it. */
export interface SampleClaim {
  readonly external_id: string;
  readonly kind: 'pago_movil' | 'transfer' | 'card_deposit';
  readonly type: 'payment' | 'commission' | 'other';
  readonly origin_bank: string;
  readonly reference: string;
  readonly amount_minor: number;
  readonly currency: string;
  readonly paid_days_ago: number;
  readonly payer_phone: string;
  readonly payer_document: string;
  readonly payer_name: string;
  readonly concept: string;
  readonly expected: string;
  readonly note: string;
}

/** A row of the bank's ledger as the sandbox bank reads it. */
export interface SampleMovement {
  readonly account: string;
  readonly kind: 'pago_movil' | 'transfer' | 'other';
  readonly direction: 'credit' | 'debit';
  readonly amount_minor: number;
  readonly currency: string;
  readonly reference: string;
  readonly on_days_ago: number;
  readonly time: string | null;
  readonly payer_phone: string | null;
  readonly payer_bank: string | null;
  readonly concept: string;
  readonly visible_after_seconds?: number;
  readonly spelling: 'tail6' | 'full' | 'stripped';
  readonly amount_as: 'number' | 'string';
}

/** The columns of `claims.csv`, in order. */
export const CLAIM_COLUMNS = [
  'external_id',
  'kind',
  'type',
  'origin_bank',
  'reference',
  'amount_minor',
  'currency',
  'paid_days_ago',
  'payer_phone',
  'payer_document',
  'payer_name',
  'concept',
  'expected',
  'note',
] as const satisfies readonly (keyof SampleClaim)[];
