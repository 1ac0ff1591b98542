import type { ObservedMovement } from '../../matching/observed-movement.js';

/** Everything that the log says of one slot: the rows that the bank showed in it, and who holds which. */
export interface MovementSlotTable {
  readonly slot: string;
  readonly sightings: readonly Sighting[];
  readonly holders: readonly SlotHolder[];
  /** Of the last event applied. */
  readonly position: bigint;
}

/** A row as the bank showed it for the first time. */
export interface Sighting {
  readonly movement: ObservedMovement;
  /** What the bank was asked about: an account, where it was a listing, or a transaction. */
  readonly askedFor: string;
  readonly askId: string;
  readonly observedAt: string;
  /** Decimal text, since JSON has no bigint. */
  readonly position: string;
}

/** Which transaction holds a row of the slot. */
export interface SlotHolder {
  readonly movementKey: string;
  readonly transactionId: string;
  readonly merchantId: string;
  readonly boundAt: string;
}

/**
 * One movement on a receiving account, in however many rows the bank told of it. What it is worth to finance follows
 * from the holder, the direction and the twin; what the log does not hold is null.
 */
export interface MovementTable {
  readonly movement_id: string;
  readonly slot: string;
  readonly bank: string;
  /** 20 digits; null where the bank was asked about a claim and named no account. */
  readonly account: string | null;
  readonly direction: 'credit' | 'debit';
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly bank_on: string;
  readonly bank_time: string | null;
  readonly reference: string;
  readonly payer_phone_mask: string | null;
  /** The account whose listing showed it, else the transaction about which the bank was asked. */
  readonly asked_for: string;
  /** When the bank first showed it to us. */
  readonly observed_at: Date;
  /** The list's order: where in the log it was first seen. */
  readonly observed_position: bigint;
  readonly holder_transaction_id: string | null;
  readonly holder_merchant_id: string | null;
  readonly bound_at: Date | null;
  /** The largest larger credit of the same reference and day: beside it this one may be the bank's commission. */
  readonly larger_twin_minor: bigint | null;
  /** In how many rows the bank told of it. */
  readonly told_in_rows: number;
  /** Of the last event of the slot. */
  readonly position: bigint;
}

/** What listings covered of one account and bank day. */
export interface AccountCoverageTable {
  readonly receiving_account_id: string;
  readonly day: string;
  /** Position of the first listing of the day. */
  readonly swept_position: bigint;
  readonly last_swept_at: Date;
  /** Position of the first listing that began after the day had ended; null: none yet. */
  readonly complete_position: bigint | null;
  readonly last_complete_at: Date | null;
}

declare module '../../platform/database/database.js' {
  interface Database {
    'read.movement_slot': MovementSlotTable;
    'read.movement': MovementTable;
    'read.account_coverage': AccountCoverageTable;
  }
}
