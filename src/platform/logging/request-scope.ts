import { AsyncLocalStorage } from 'node:async_hooks';

/** What names the work that a line was logged for. */
export interface LoggedScope {
  /** Missing where no request is behind the work: an ask, a batch of a read model. */
  readonly request_id?: string;
  readonly trace_id?: string;
}

/** The request that is being answered, or the trace that is being made, for every line logged on its behalf. */
export const requestScope = new AsyncLocalStorage<LoggedScope>();
