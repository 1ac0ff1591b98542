import type { ProblemTable } from '../platform/http/problem-codes.js';

/** Why a rule about webhooks refuses. */
export type WebhookRejection =
  'endpoint_address_refused' | 'endpoint_not_enabled' | 'too_many_endpoints';

export const MOST_ENDPOINTS = 10;

const FAULTS: Readonly<Record<string, string>> = {
  not_https: 'Endpoints are called over https alone.',
  not_an_address: 'It must be an absolute address, without a password and without a fragment.',
  private_address: 'It leads into a private network, where nothing is called.',
};

export const webhookProblems: ProblemTable<WebhookRejection> = {
  endpoint_address_refused: {
    status: 422,
    title: 'The address cannot be an endpoint',
    detail: ({ fault }) => FAULTS[String(fault)] ?? 'The address is refused.',
    pointer: '/url',
  },
  endpoint_not_enabled: {
    status: 409,
    title: 'The endpoint takes no messages',
    detail: 'It is paused or was disabled; enable it first.',
  },
  too_many_endpoints: {
    status: 409,
    title: 'There are too many endpoints',
    detail: `A merchant has at most ${MOST_ENDPOINTS} endpoints in each mode; delete one first.`,
  },
};
