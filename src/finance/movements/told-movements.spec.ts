import { aMovement, anId, SLOT } from '../../../test/support/a-transaction.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';
import type { SlotEvent } from '../../verification/bind-movement/slot.event.js';
import { movementBound } from '../../verification/bind-movement/movement-bound.event.js';
import { movementObserved } from '../../verification/bind-movement/movement-observed.event.js';
import { movementReleased } from '../../verification/bind-movement/movement-released.event.js';
import { slotAfter, type StoredSlotEvent } from './movement-slot.js';
import type { MovementSlotTable, MovementTable } from './movement.table.js';
import { movementsOf } from './told-movements.js';

const ACCOUNT = '01340123456789012345';
const AT = '2026-03-10T14:00:00.000Z';

const seen = (
  movementKey: string,
  over: Partial<ObservedMovement> = {},
  askId = movementKey,
): SlotEvent =>
  movementObserved({
    slot: SLOT,
    movement: aMovement({ movementKey, payerPhoneMask: null, ...over }),
    askId: anId(askId),
    observedAt: AT,
  });
const tail = (key = 'tail', over: Partial<ObservedMovement> = {}) => seen(key, over);
const listed = (key = 'listed', over: Partial<ObservedMovement> = {}, askId = key) =>
  seen(key, { account: ACCOUNT, reference: '00683473078', ...over }, askId);
const bound = (movementKey: string, transaction: string): SlotEvent =>
  movementBound({
    slot: SLOT,
    movementKey,
    transactionId: anId(transaction),
    merchantId: anId('merchant'),
    externalId: 'order',
    proposalId: anId('proposal'),
    boundAt: AT,
  });
const released = (movementKey: string, transaction: string): SlotEvent =>
  movementReleased({
    slot: SLOT,
    movementKey,
    transactionId: anId(transaction),
    reason: 'another',
    releasedBy: 'user:1',
    releasedAt: AT,
  });

const slotWith = (...history: readonly SlotEvent[]): MovementSlotTable => {
  const stored = history.map((event, n) => ({
    ...event,
    position: BigInt(n + 1) * 137n,
    metadata: { $correlationId: anId('asked for') },
  })) as unknown as readonly StoredSlotEvent[];
  return stored.reduce<MovementSlotTable>((slot, event) => slotAfter(slot, SLOT, event), {
    slot: SLOT,
    sightings: [],
    holders: [],
    position: -1n,
  });
};

const shown = (...history: readonly SlotEvent[]): readonly Partial<MovementTable>[] =>
  movementsOf(slotWith(...history));

describe('making movements of the rows of a slot', () => {
  it('takes a tail and the whole reference for one movement, first seen when the first was', () => {
    expect(shown(tail(), listed())).toEqual([
      expect.objectContaining({
        account: ACCOUNT,
        reference: '00683473078',
        observed_position: 137n,
        told_in_rows: 2,
        position: 274n,
        holder_transaction_id: null,
      }),
    ]);
  });

  it('shows the claim that holds the tail where only the whole reference is listed', () => {
    expect(shown(tail(), bound('tail', 'claim'), listed())).toEqual([
      expect.objectContaining({ account: ACCOUNT, holder_transaction_id: anId('claim') }),
    ]);
  });

  it('frees a movement whose binding was undone', () => {
    expect(shown(tail(), bound('tail', 'claim'), released('tail', 'claim'))).toEqual([
      expect.objectContaining({ holder_transaction_id: null, bound_at: null }),
    ]);
  });

  it('counts a binding once where a tail may be either of two', () => {
    const movements = shown(
      tail(),
      bound('tail', 'claim'),
      listed('one', {}, 'listing'),
      listed('other', { reference: '00111473078' }, 'listing'),
    );

    expect(movements.map((each) => each.holder_transaction_id)).toEqual([anId('claim'), null]);
  });

  it.each<[string, Partial<ObservedMovement>]>([
    ['another amount', { amountMinor: 12_001 }],
    ['another currency', { currency: 'USD' }],
    ['another account', { account: '01340000000000000001' }],
    ['another whole reference', { reference: '00111473078' }],
    ['another time', { bankTime: '10:30:01' }],
    ["another payer's phone", { payerPhoneMask: '*******99' }],
  ])('keeps a row with %s apart', (_, over) => {
    const first = { bankTime: '10:30:00', payerPhoneMask: '*******31' };

    expect(shown(listed('one', first), listed('other', { ...first, ...over }))).toHaveLength(2);
  });

  it('keeps rows of one answer apart, since it shows a movement once', () => {
    expect(
      shown(listed('one', {}, 'listing'), listed('other', { bankTime: '10:30:00' }, 'listing')),
    ).toHaveLength(2);
  });

  it('never puts together what two transactions hold', () => {
    const movements = shown(tail(), bound('tail', 'one'), listed(), bound('listed', 'other'));

    expect(new Set(movements.map((each) => each.holder_transaction_id))).toEqual(
      new Set([anId('one'), anId('other')]),
    );
  });

  it('names the larger credit of the same reference, beside which one may be commission', () => {
    const movements = shown(listed('payment'), listed('fee', { amountMinor: 36 }, 'payment'));

    expect(movements.map((each) => [each.amount_minor, each.larger_twin_minor])).toEqual([
      [12_000n, null],
      [36n, 12_000n],
    ]);
  });

  it('keeps the very slot for an event that was applied before', () => {
    const slot = slotWith(tail());

    expect(slotAfter(slot, SLOT, { ...tail(), position: 137n } as unknown as StoredSlotEvent)).toBe(
      slot,
    );
  });
});
