import { GRPC_STATUS } from '../grpc-status.js';
import { WireError } from '../wire-errors.js';

const trailers = (exception: string, stream: string, group: string) => ({
  exception,
  'stream-name': stream,
  'group-name': group,
});

const named = (stream: string, group: string): string =>
  `Subscription group ${group} on stream ${stream}`;

export const groupDoesNotExist = (stream: string, group: string): WireError =>
  new WireError(
    GRPC_STATUS.NOT_FOUND,
    `${named(stream, group)} does not exist.`,
    trailers('persistent-subscription-does-not-exist', stream, group),
  );

export const groupExists = (stream: string, group: string): WireError =>
  new WireError(
    GRPC_STATUS.ALREADY_EXISTS,
    `${named(stream, group)} exists.`,
    trailers('persistent-subscription-exists', stream, group),
  );

export const groupFailed = (stream: string, group: string, reason: string): WireError =>
  new WireError(GRPC_STATUS.INTERNAL, `${named(stream, group)} failed: '${reason}'`, {
    ...trailers('persistent-subscription-failed', stream, group),
    reason,
  });

export const groupDropped = (stream: string, group: string): WireError =>
  new WireError(
    GRPC_STATUS.CANCELLED,
    `${named(stream, group)} was dropped.`,
    trailers('persistent-subscription-dropped', stream, group),
  );

export const maximumSubscribersReached = (stream: string, group: string): WireError =>
  new WireError(
    GRPC_STATUS.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
    trailers('maximum-subscribers-reached', stream, group),
  );
