import { defineEvent, type Event } from '../../kernel/event.js';
import type { ObservedMovement } from '../../matching/observed-movement.js';

/** A credit that fits was found; it is about to be bound (step 1 of 3, product.md wall 2). */
export interface BindingProposed {
  readonly proposalId: string;
  readonly slot: string;
  readonly movement: ObservedMovement;
  /** The ask whose answer held the movement; null when a person decided. */
  readonly askId: string | null;
  /** `machine`, or the person who decided in review. */
  readonly proposedBy: string;
  readonly reason: string | null;
  readonly proposedAt: string;
}

export const bindingProposed = defineEvent<BindingProposed>()('BindingProposed.v1');
export type BindingProposedEvent = Event<'BindingProposed.v1', BindingProposed>;
