import { ANSWER_SCENARIOS } from './answer-scenarios.js';
import { ROW_SCENARIOS } from './row-scenarios.js';
import type { Scenario } from './scenario.js';
import { TOKEN_SCENARIOS } from './token-scenarios.js';

/** Every behaviour of the first bank that the sandbox knows by name; docs/sandbox.md lists the same. */
export const SCENARIOS: readonly Scenario[] = [
  ...ROW_SCENARIOS,
  ...ANSWER_SCENARIOS,
  ...TOKEN_SCENARIOS,
];

/** @throws Error for a name that is not in the catalogue */
export function scenarioNamed(name: string, catalogue = SCENARIOS): Scenario {
  const scenario = catalogue.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`unknown scenario "${name}"`);
  return scenario;
}

/** The scenario that a reference brings about by its last six digits, `99`, number, any two. */
export function scenarioOfReference(reference: string, catalogue = SCENARIOS): Scenario | null {
  const digits = /99(\d{2})\d{2}$/.exec(reference)?.[1];
  if (digits === undefined) return null;
  const number = Number.parseInt(digits, 10);
  return catalogue.find((one) => one.number === number && one.tokenOnly !== true) ?? null;
}
