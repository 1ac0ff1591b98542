/** A refusal by a rule: a value, not an error. `code` is stable and public. */
export interface Rejection<Code extends string = string> {
  readonly outcome: 'rejected';
  readonly code: Code;
  /** Facts for the answer, such as the id of the transaction that is in the way. Never personal data. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** What a rule accepted: the facts to record; none when they are recorded already. */
export interface Acceptance<Event> {
  readonly outcome: 'accepted';
  readonly events: readonly Event[];
}

export type Decision<Event, Code extends string = string> = Acceptance<Event> | Rejection<Code>;

export const reject = <Code extends string>(
  code: Code,
  facts: Rejection['facts'] = {},
): Rejection<Code> => ({ outcome: 'rejected', code, facts });

export const accept = <Event>(...events: Event[]): Acceptance<Event> => ({
  outcome: 'accepted',
  events,
});

/** The one error made from a rejection; only command handlers create it, only the problem filter answers it. */
export class RuleViolation extends Error {
  override name = 'RuleViolation';

  constructor(readonly rejection: Rejection) {
    super(rejection.code);
  }
}
