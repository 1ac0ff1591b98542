import { defineEvent, type Event } from '../../kernel/event.js';

/** The proposed movement could not be bound; the transaction goes on without it. */
export interface BindingRefused {
  readonly proposalId: string;
  readonly reason: 'movement_already_bound';
  /** The transaction that holds the movement. */
  readonly boundTo: string;
  /** True when the holder carries the same order of the same merchant; null where nobody wrote that down. */
  readonly sameOrder: boolean | null;
  readonly refusedAt: string;
}

/** Said nothing of the holder's order, on which it depends what becomes of the claim. */
type BindingRefusedV1 = Omit<BindingRefused, 'sameOrder'>;

export const bindingRefused = defineEvent<BindingRefused>()('BindingRefused.v2', {
  'BindingRefused.v1': (older: BindingRefusedV1) => ({ ...older, sameOrder: null }),
});
export type BindingRefusedEvent = Event<'BindingRefused.v2', BindingRefused>;
