import type { ProblemTable } from '../platform/http/problem-codes.js';

/** Why a live connection is not opened; that of a suspended merchant is worded by context transactions. */
export type LiveRejection =
  'too_many_live_connections' | 'live_connections_exhausted' | 'upgrade_required';

export const liveProblems: ProblemTable<LiveRejection> = {
  too_many_live_connections: {
    status: 429,
    title: 'The caller has too many live connections',
    detail: ({ limit }) =>
      `One key or user may have ${limit} of them at once. Close one, or share one between pages.`,
    retryable: true,
  },
  live_connections_exhausted: {
    status: 503,
    title: 'No live connection is free',
    detail:
      'This instance has as many live connections as it may, or is about to stop. Try again soon.',
    retryable: true,
  },
  upgrade_required: {
    status: 426,
    title: 'The address is one of WebSocket',
    detail:
      'Open it as a WebSocket of the protocol constancia.v1; /api/v1/stream needs no upgrade.',
  },
};
