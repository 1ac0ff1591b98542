import { CLAIM_COLUMNS, type SampleClaim, type SampleMovement } from './sample-row.js';

/** The text of `claims.csv`; no value needs quoting, and a spec holds that. */
export const claimsCsv = (claims: readonly SampleClaim[]): string =>
  [
    CLAIM_COLUMNS.join(','),
    ...claims.map((claim) => CLAIM_COLUMNS.map((column) => claim[column]).join(',')),
    '',
  ].join('\n');

/** The text of `movements.jsonl`. */
export const movementLines = (movements: readonly SampleMovement[]): string =>
  movements.map((movement) => `${JSON.stringify(movement)}\n`).join('');
