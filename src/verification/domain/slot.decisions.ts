import { accept, reject, type Decision } from '../../kernel/rejection.js';
import { couldBeSameMovement } from '../../matching/movement-likeness.js';
import { fromObserved, type ObservedMovement } from '../../matching/observed-movement.js';
import { movementBound } from '../bind-movement/movement-bound.event.js';
import { movementObserved } from '../bind-movement/movement-observed.event.js';
import { movementReleased } from '../bind-movement/movement-released.event.js';
import type { SlotEvent } from '../bind-movement/slot.event.js';
import type { Holder, Slot } from './slot.js';

/**
 * Names the holder; its merchant's name for the order is in the facts too, since two claims of one order for one
 * movement are a repetition, not a dispute.
 */
export type SlotRejectionCode = 'movement_already_bound';

export interface Sighting {
  readonly slot: string;
  readonly rows: readonly ObservedMovement[];
  readonly askId: string;
  readonly now: Date;
}

export interface Binding extends Holder {
  readonly slot: string;
  readonly movement: ObservedMovement;
  readonly askId: string;
  readonly referenceDigits: number;
  readonly now: Date;
}

export interface Release {
  readonly slot: string;
  readonly movementKey: string;
  readonly transactionId: string;
  /** The proposal that bound it: a release that comes late must not undo a later binding. */
  readonly proposalId: string;
  readonly reason: string;
  readonly releasedBy: string;
  readonly now: Date;
}

type SlotDecision = Decision<SlotEvent, SlotRejectionCode>;

/** Writes down the rows that the slot has not seen; equal rows are one. */
export function observe(slot: Slot, { rows, now, askId, ...at }: Sighting): SlotDecision {
  const unseen = new Map(
    rows
      .filter((row) => !slot.rows.has(row.movementKey))
      .map((row) => [row.movementKey, row] as const),
  );
  return accept(
    ...[...unseen.values()].map((movement) =>
      movementObserved({ slot: at.slot, movement, askId, observedAt: now.toISOString() }),
    ),
  );
}

/**
 * Gives a movement to a transaction, unless another one holds a row that could be the same movement. A repeat of the
 * same binding changes nothing, so that a crash between the steps of product.md's wall 2 can be finished by anybody.
 * A new proposal of the holder itself is written down, so that the release of the older one does not undo it.
 */
export function bind(slot: Slot, binding: Binding): SlotDecision {
  const { movement, transactionId, merchantId, externalId, proposalId, now } = binding;
  if (slot.held.get(movement.movementKey)?.proposalId === proposalId) return accept();
  const holder = holderOf(slot, binding);
  if (holder !== null) {
    return reject('movement_already_bound', {
      boundTo: holder.transactionId,
      merchantId: holder.merchantId,
      externalId: holder.externalId,
    });
  }
  const seen = observe(slot, { ...binding, rows: [movement] });
  const bound = movementBound({
    slot: binding.slot,
    movementKey: movement.movementKey,
    transactionId,
    merchantId,
    externalId,
    proposalId,
    boundAt: now.toISOString(),
  });
  return seen.outcome === 'accepted' ? accept(...seen.events, bound) : seen;
}

/** Takes the binding of one proposal back; a repeat, or one that comes after a newer binding, changes nothing. */
export function release(slot: Slot, { now, proposalId, ...taken }: Release): SlotDecision {
  const holder = slot.held.get(taken.movementKey);
  if (holder?.proposalId !== proposalId) return accept();
  return accept(movementReleased({ ...taken, releasedAt: now.toISOString() }));
}

/** Another transaction that holds this row or one that could be the same movement. */
function holderOf(
  slot: Slot,
  { movement, referenceDigits, transactionId }: Binding,
): Holder | null {
  for (const [key, holder] of slot.held) {
    if (holder.transactionId === transactionId) continue;
    const row = slot.rows.get(key);
    if (key === movement.movementKey) return holder;
    if (row === undefined) continue;
    if (couldBeSameMovement(fromObserved(row), fromObserved(movement), referenceDigits)) {
      return holder;
    }
  }
  return null;
}
