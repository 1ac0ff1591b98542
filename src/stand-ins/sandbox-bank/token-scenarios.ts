import { type Answer, json } from './answer.js';
import type { Scenario } from './scenario.js';

const changed = (regular: Answer, change: Readonly<Record<string, unknown>>): Answer => ({
  ...regular,
  body: JSON.stringify({ ...(JSON.parse(regular.body) as object), ...change }),
});

/** Behaviours of the token endpoint, brought about by an admin call only. */
export const TOKEN_SCENARIOS: readonly Scenario[] = [
  {
    number: 70,
    name: 'token-client-refused',
    summary: 'the token endpoint refuses the client',
    expected: 'pending; the gateway closes and alerts',
    tokenOnly: true,
    answer: () =>
      json(401, { error: 'unauthorized_client', error_description: 'Invalid client secret' }),
  },
  {
    number: 71,
    name: 'token-without-lifetime',
    summary: 'a good token without `expires_in`',
    expected: 'verified; a minute is assumed',
    tokenOnly: true,
    answer: (regular) => changed(regular, { expires_in: undefined }),
  },
  {
    number: 72,
    name: 'token-short-lived',
    summary: 'a good token that says it lives one second',
    expected: 'verified',
    tokenOnly: true,
    answer: (regular) => changed(regular, { expires_in: 1 }),
  },
  {
    number: 73,
    name: 'token-echoes-secret',
    summary: 'a refusal whose description holds the request, secret and all',
    expected: 'pending; the description reaches no log',
    tokenOnly: true,
    answer: () =>
      json(400, {
        error: 'invalid_request',
        error_description: 'could not read grant_type=password&password=made-up-secret-canary',
      }),
  },
];
