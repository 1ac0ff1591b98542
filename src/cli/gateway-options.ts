import { type OptionValues, type TaskOption, UsageError } from './task.js';

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

/** @throws UsageError when it was left out */
export function required(values: OptionValues, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value.trim() === '') {
    throw new UsageError(`--${name} is required`);
  }
  return value.trim();
}
