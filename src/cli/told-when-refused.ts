import { RuleViolation } from '../kernel/rejection.js';

/** A refusal is the caller's to hear, not a failure of the program. Exit code 1. */
export async function toldWhenRefused(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RuleViolation)) throw error;
    const { code, facts } = error.rejection;
    const told = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`);
    console.error(`Refused: ${[code, ...told].join(', ')}.`);
    return 1;
  }
}
