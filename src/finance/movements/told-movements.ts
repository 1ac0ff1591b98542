// Banks give movements no id and tell of one in several forms: a tail today, the whole reference with its account
// tomorrow. Here the rows of a slot become the movements that stand behind them (decision 112).
import { uuidFrom } from '../../kernel/ids.js';
import { equalReferences } from '../../matching/match-movement.js';
import { accountsConflict, couldBeSameMovement } from '../../matching/movement-likeness.js';
import { referenceDigitsOf, type Movement } from '../../matching/movement.js';
import { fromObserved } from '../../matching/observed-movement.js';
import type { MovementSlotTable, MovementTable, Sighting, SlotHolder } from './movement.table.js';

/** A row with what is known of it. */
interface Told {
  readonly sighting: Sighting;
  readonly row: Movement;
  readonly holder: SlotHolder | null;
}

/** The rows of one movement, the fullest first. */
type Rows = readonly [Told, ...Told[]];

const earlier = (one: Told, other: Told): number => {
  const apart = BigInt(one.sighting.position) - BigInt(other.sighting.position);
  if (apart !== 0n) return apart < 0n ? -1 : 1;
  return one.sighting.movement.movementKey < other.sighting.movement.movementKey ? -1 : 1;
};

/** How much a row tells: its account, then the digits of its reference, then its time and the payer's mask. */
const fullness = ({ row }: Told): readonly number[] => [
  Number(row.account !== null),
  row.reference.length,
  Number(row.bankTime !== null),
  Number(row.payerPhoneMask !== null),
];

function fullerFirst(one: Told, other: Told): number {
  const [a, b] = [fullness(one), fullness(other)];
  const differs = a.findIndex((each, n) => each !== b[n]);
  return differs < 0 ? earlier(one, other) : (b[differs] ?? 0) - (a[differs] ?? 0);
}

const agree = (one: string | null, other: string | null): boolean =>
  one === null || other === null || one === other;

/** True when one row may be another telling of the movement: nothing that both say is against it. */
const tellsOf = (rows: Rows, told: Told, referenceDigits: number): boolean =>
  rows.every(
    ({ row, sighting }) =>
      couldBeSameMovement(row, told.row, referenceDigits) &&
      agree(row.bankTime, told.row.bankTime) &&
      agree(row.payerPhoneMask, told.row.payerPhoneMask) &&
      // One answer shows a movement once.
      sighting.askId !== told.sighting.askId,
  );

const holderOf = (rows: Rows): SlotHolder | null =>
  rows.find(({ holder }) => holder !== null)?.holder ?? null;

/** Two transactions never hold one movement, so rows held by two are two movements. */
function mayJoin(rows: Rows, { holder }: Told): boolean {
  const theirs = holderOf(rows);
  return holder === null || theirs === null || theirs.transactionId === holder.transactionId;
}

/** Which movement a row is told of: one that its own transaction holds already, else the first that it may be. */
function joined(movements: readonly Rows[], told: Told, referenceDigits: number): Rows | undefined {
  const possible = movements.filter(
    (rows) => tellsOf(rows, told, referenceDigits) && mayJoin(rows, told),
  );
  const held = possible.find(
    (rows) => told.holder !== null && holderOf(rows)?.transactionId === told.holder.transactionId,
  );
  return held ?? possible[0];
}

function gathered({ sightings, holders, slot }: MovementSlotTable): readonly Rows[] {
  const digits = referenceDigitsOf(slot);
  const held = new Map(holders.map((holder) => [holder.movementKey, holder]));
  const rows = sightings.map((sighting): Told => {
    const { movement } = sighting;
    return {
      sighting,
      row: fromObserved(movement),
      holder: held.get(movement.movementKey) ?? null,
    };
  });
  let movements: readonly Rows[] = [];
  for (const told of rows.toSorted(fullerFirst)) {
    const home = joined(movements, told, digits);
    movements =
      home === undefined
        ? [...movements, [told]]
        : movements.map((each): Rows => (each === home ? [...each, told] : each));
  }
  return movements;
}

const largest = (amounts: readonly bigint[]): bigint | null =>
  amounts.reduce<bigint | null>((most, each) => (most === null || each > most ? each : most), null);

/** The largest larger credit of the same reference and day, if any. */
function largerTwin(row: Movement, all: readonly Rows[], referenceDigits: number): bigint | null {
  if (row.direction === 'debit') return null;
  const larger = all
    .map(([fullest]) => fullest.row)
    .filter(
      (other) =>
        other.amountMinor > row.amountMinor &&
        other.currency === row.currency &&
        !accountsConflict(other.account, row.account) &&
        equalReferences(row, other, referenceDigits),
    );
  return largest(larger.map(({ amountMinor }) => amountMinor));
}

const fullestOf = <Value>(rows: Rows, read: (row: Movement) => Value | null): Value | null =>
  rows.map(({ row }) => read(row)).find((value) => value !== null) ?? null;

/** The movements of a slot. */
export function movementsOf(slot: MovementSlotTable): readonly MovementTable[] {
  const all = gathered(slot);
  return all.map((rows): MovementTable => {
    const [{ row, sighting: fullest }] = rows;
    const first = rows.toSorted(earlier)[0] ?? rows[0];
    const { movement, observedAt, position } = first.sighting;
    const holder = holderOf(rows);
    return {
      movement_id: uuidFrom('movement', slot.slot, movement.movementKey),
      slot: slot.slot,
      bank: row.bank,
      account: row.account,
      direction: row.direction,
      amount_minor: row.amountMinor,
      currency: row.currency,
      bank_on: row.bankOn,
      bank_time: fullestOf(rows, ({ bankTime }) => bankTime),
      reference: row.reference,
      payer_phone_mask: fullestOf(rows, ({ payerPhoneMask }) => payerPhoneMask),
      // The fullest names its account where any row does, and then a listing showed it, or a look-up on that account.
      asked_for: fullest.askedFor,
      observed_at: new Date(observedAt),
      observed_position: BigInt(position),
      holder_transaction_id: holder?.transactionId ?? null,
      holder_merchant_id: holder?.merchantId ?? null,
      bound_at: holder === null ? null : new Date(holder.boundAt),
      larger_twin_minor: largerTwin(row, all, referenceDigitsOf(slot.slot)),
      told_in_rows: rows.length,
      position: slot.position,
    };
  });
}
