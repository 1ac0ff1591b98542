import type { Event } from '../../kernel/event.js';
import type { Retrial } from '../../kernel/retrial.js';
import type { Aggregate } from '../event-store/command-runner.js';

/** Streams of one kind: what their events come to, and the rules that decided them. */
export interface AuditedCategory<State = unknown, E extends Event = Event> {
  /** `transaction` for the streams `transaction-…`. */
  readonly category: string;
  readonly aggregate: Aggregate<State, E>;
  readonly retry: Retrial<State, E>;
}

/** Forgets the types of a category, so that several fit into one list. */
export const audited = <State, E extends Event>(
  category: AuditedCategory<State, E>,
): AuditedCategory => category as unknown as AuditedCategory;

/** The category that a stream's name begins with. */
export const categoryOf = (streamName: string): string => streamName.split('-', 1)[0] ?? '';
