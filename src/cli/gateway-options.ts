import type { TaskOption } from './task.js';

export const GATEWAY_CREDENTIAL: TaskOption = {
  type: 'string',
  summary: 'the credential, as its configuration names it',
  default: 'banesco',
};

/** What every act at the gateway is kept with. */
export const GATEWAY_ACT = {
  credential: GATEWAY_CREDENTIAL,
  by: { type: 'string', summary: 'who does it; is kept' },
  reason: { type: 'string', summary: 'why; is kept' },
} as const;
