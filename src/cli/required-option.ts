import { UsageError, type OptionValues } from './task.js';

/** The option's text without blanks around it. @throws UsageError when it was not given */
export function required(values: OptionValues, name: string): string {
  const value = values[name];
  if (typeof value !== 'string' || value.trim() === '') {
    throw new UsageError(`--${name} is required`);
  }
  return value.trim();
}
