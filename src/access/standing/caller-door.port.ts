import type { CallerIdentity } from '../caller.decorator.js';
import type { Permission } from '../domain/permissions.js';

/** Somebody who asks to come in by another way than a route. */
export interface Knock {
  /** As the header `Authorization` would carry it. */
  readonly authorization: string | undefined;
  readonly permission: Permission;
  readonly address: string;
  /** Method and pattern, as the audit names it. */
  readonly route: string;
  readonly requestId: string;
  readonly traceId: string | null;
}

/** Lets in who may come in where no guard stands. */
export abstract class CallerDoor {
  /**
   * Who it is. Counts as the guard of routes does, and refusals are in the audit as theirs are.
   * @throws ProblemError `not_authenticated`, `not_permitted`, `password_change_required` or `quota_exceeded`
   */
  abstract admit(knock: Knock): Promise<CallerIdentity>;

  /** Puts what was refused after somebody was let in into the audit. */
  abstract tellRefusal(knock: Knock, caller: CallerIdentity, reason: string): void;
}
