import { AsyncLocalStorage } from 'node:async_hooks';

/** What names the work that a line was logged for. */
export interface LoggedScope {
  readonly request_id: string;
  readonly trace_id?: string;
}

/** The request that is being answered, for every line logged on its behalf. */
export const requestScope = new AsyncLocalStorage<LoggedScope>();
