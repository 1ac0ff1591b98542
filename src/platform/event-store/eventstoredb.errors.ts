import {
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnsupportedError,
} from '@eventstore/db-client';
import { EventStoreUnavailable } from './event-store.js';

/** Errors that say exactly what is wrong and would come again; everything else leaves the outcome open. */
const DEFINITE = [
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnsupportedError,
] as const;

/** True when a repeat cannot help and nothing was written. */
export const isDefinite = (error: unknown): boolean =>
  DEFINITE.some((kind) => error instanceof kind);

/**
 * The port's error for a failure of the store. The client (6.2.1) has many shapes for "not there": its own classes,
 * a bare Error with code 14, an Error without a code once its channel is closed. All of them leave the outcome open.
 */
export const unavailable = (cause: unknown): EventStoreUnavailable =>
  cause instanceof EventStoreUnavailable
    ? cause
    : new EventStoreUnavailable('the event store cannot be reached', { cause });
