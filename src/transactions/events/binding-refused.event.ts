import { defineEvent, type Event } from '../../kernel/event.js';

/** The proposed movement could not be bound; the transaction goes on without it. */
export interface BindingRefused {
  readonly proposalId: string;
  readonly reason: 'movement_already_bound';
  /** The transaction that holds the movement. */
  readonly boundTo: string;
  readonly refusedAt: string;
}

export const bindingRefused = defineEvent<BindingRefused>()('BindingRefused.v1');
export type BindingRefusedEvent = Event<'BindingRefused.v1', BindingRefused>;
