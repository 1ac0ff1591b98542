import { z } from 'zod';
import { addDays, type LocalDate, localDateAt, parseLocalDate } from '../../kernel/local-date.js';
import { sha256Hex } from '../../kernel/ids.js';

/** One row of the bank's true ledger, with how the bank will spell it. */
export interface LedgerMovement {
  readonly id: string;
  /** The receiving account, 20 digits. */
  readonly account: string;
  readonly kind: 'pago_movil' | 'transfer' | 'other';
  readonly direction: 'credit' | 'debit';
  readonly amountMinor: bigint;
  readonly currency: string;
  /** All digits, as on the payer's receipt. */
  readonly reference: string;
  readonly on: LocalDate;
  /** `HH:MM:SS`, or null where the bank shows `00.00.00`. */
  readonly time: string | null;
  /** E.164. */
  readonly payerPhone: string | null;
  /** Four digits. */
  readonly payerBank: string | null;
  readonly concept: string;
  /** Milliseconds since the epoch; null for never. */
  readonly visibleAt: number | null;
  readonly spelling: 'tail6' | 'full' | 'stripped';
  readonly amountAs: 'number' | 'string';
  /** A behaviour of `scenarios.ts` that this row brings with it. */
  readonly scenario: string | null;
}

const localDate = z.string().refine((text) => parseLocalDate(text) !== null, 'not a calendar date');

const rowSchema = z.strictObject({
  id: z.string().min(1).optional(),
  account: z.string().regex(/^\d{20}$/),
  kind: z.enum(['pago_movil', 'transfer', 'other']).optional(),
  direction: z.enum(['credit', 'debit']).default('credit'),
  amount_minor: z.int().nonnegative(),
  currency: z.string().default('VES'),
  reference: z.string().regex(/^\d{1,20}$/),
  on: localDate.optional(),
  on_days_ago: z.int().optional(),
  time: z
    .string()
    .regex(/^\d{2}:\d{2}:\d{2}$/)
    .nullable()
    .default(null),
  payer_phone: z
    .string()
    .regex(/^\+\d{12}$/)
    .nullable()
    .default(null),
  payer_bank: z
    .string()
    .regex(/^\d{4}$/)
    .nullable()
    .default(null),
  concept: z.string().max(200).default(''),
  visible_at: z.iso.datetime({ offset: true }).nullable().optional(),
  visible_after_seconds: z.number().nonnegative().optional(),
  spelling: z.enum(['tail6', 'full', 'stripped']).default('full'),
  amount_as: z.enum(['number', 'string']).default('number'),
  scenario: z.string().nullable().default(null),
});

/** A movement as JSON spells it: in the file of movements, over the admin API, in the journal. */
export type MovementRow = z.input<typeof rowSchema>;

/**
 * Reads a row; dates and delays that it gives relatively count from `now`.
 * @throws Error naming the wrong fields
 */
export function readMovement(row: unknown, now: Date, fallbackId: string): LedgerMovement {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) throw new Error(`bad movement: ${z.prettifyError(parsed.error)}`);
  const given = parsed.data;
  return {
    id: given.id ?? fallbackId,
    account: given.account,
    kind: given.kind ?? (given.payer_phone === null ? 'transfer' : 'pago_movil'),
    direction: given.direction,
    amountMinor: BigInt(given.amount_minor),
    currency: given.currency,
    reference: given.reference,
    on: (given.on as LocalDate | undefined) ?? addDays(localDateAt(now), -(given.on_days_ago ?? 0)),
    time: given.time,
    payerPhone: given.payer_phone,
    payerBank: given.payer_bank,
    concept: given.concept,
    visibleAt: visibleAt(given, now),
    spelling: given.spelling,
    amountAs: given.amount_as,
    scenario: given.scenario,
  };
}

function visibleAt(
  given: { visible_at?: string | null | undefined; visible_after_seconds?: number | undefined },
  now: Date,
): number | null {
  if (given.visible_at === null) return null;
  if (given.visible_at !== undefined) return Date.parse(given.visible_at);
  // Without a word about it a movement has always been there, whatever the clock is set to.
  return given.visible_after_seconds === undefined
    ? 0
    : now.getTime() + given.visible_after_seconds * 1000;
}

/** The row that reads back as the same movement at any later time. */
export const movementRow = (movement: LedgerMovement): MovementRow => ({
  id: movement.id,
  account: movement.account,
  kind: movement.kind,
  direction: movement.direction,
  amount_minor: Number(movement.amountMinor),
  currency: movement.currency,
  reference: movement.reference,
  on: movement.on,
  time: movement.time,
  payer_phone: movement.payerPhone,
  payer_bank: movement.payerBank,
  concept: movement.concept,
  visible_at: movement.visibleAt === null ? null : new Date(movement.visibleAt).toISOString(),
  spelling: movement.spelling,
  amount_as: movement.amountAs,
  scenario: movement.scenario,
});

/**
 * Reads a file of movements, one JSON object a line. A row without an id gets one from its text
 * and its occurrence, so that loading the file again at the next start adds nothing.
 * @throws Error naming the line
 */
export function readMovementLines(text: string, now: Date): LedgerMovement[] {
  const occurrences = new Map<string, number>();
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const occurrence = (occurrences.get(line) ?? 0) + 1;
    occurrences.set(line, occurrence);
    try {
      return [readMovement(JSON.parse(line), now, sha256Hex(`${occurrence}:${line}`).slice(0, 24))];
    } catch (error) {
      throw new Error(`line ${index + 1}: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      });
    }
  });
}
