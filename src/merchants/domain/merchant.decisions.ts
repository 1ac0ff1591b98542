import { reject, type Rejection } from '../../kernel/rejection.js';

// A year is longer than any bank lists movements.
const MAX_MATCH_DAYS = 365;

export type MerchantRuleRejection = 'tolerance_negative' | 'match_days_out_of_range';

/** What can be set of a merchant. */
export interface MerchantTerms {
  readonly name: string;
  readonly suspended: boolean;
  readonly toleranceUnderMinor: bigint;
  readonly toleranceOverMinor: bigint;
  /** How long an expired claim is still matched. */
  readonly matchDays: number;
  /** Who is told by mail; null: nobody. */
  readonly contactEmail: string | null;
}

/** Whether a merchant may have such terms; null when nothing speaks against them. */
export function judgeTerms(
  terms: Omit<MerchantTerms, 'name' | 'suspended' | 'contactEmail'>,
): Rejection<MerchantRuleRejection> | null {
  if (terms.toleranceUnderMinor < 0n || terms.toleranceOverMinor < 0n) {
    return reject('tolerance_negative');
  }
  if (terms.matchDays < 1 || terms.matchDays > MAX_MATCH_DAYS) {
    return reject('match_days_out_of_range');
  }
  return null;
}

const NAMES = [
  'name',
  'suspended',
  'toleranceUnderMinor',
  'toleranceOverMinor',
  'matchDays',
  'contactEmail',
] as const;

/** Which of the terms a change really touches; none: it was so before. */
export const changedTerms = (
  before: MerchantTerms,
  after: MerchantTerms,
): readonly (keyof MerchantTerms)[] => NAMES.filter((name) => before[name] !== after[name]);
