import { ascendingNumbers, calendarDates, wholeNumber } from '../platform/config/shapes.js';
import { configSection, variable } from '../platform/config/variable.js';
import type { Schedule } from './domain/verification.schedule.js';

const YEAR_SECONDS = 31_536_000;

/** Beyond the time-out of a call itself: the answer's own append must not lose against the recovery. */
export const ASK_MARGIN_MS = 5_000;

/** When the banks are asked, and how long a claim is waited for. */
export class VerificationConfig extends configSection({
  scheduleSeconds: variable('VERIFICATION_SCHEDULE_SECONDS', ascendingNumbers, {
    fallback: '0,60,120,300,900,3600',
    doc: 'Delays before the first asks about a claim, each counted from the answer before.',
  }),
  everySeconds: variable('VERIFICATION_EVERY_SECONDS', wholeNumber(1, YEAR_SECONDS), {
    fallback: '3600',
    doc: 'Delay between asks once the schedule is used up; it grows with a claim’s age, to six times as long.',
  }),
  lateEverySeconds: variable('VERIFICATION_LATE_EVERY_SECONDS', wholeNumber(1, YEAR_SECONDS), {
    fallback: '86400',
    doc: 'Delay between asks about an expired claim, while it is still matched.',
  }),
  failureSeconds: variable('VERIFICATION_FAILURE_SECONDS', ascendingNumbers, {
    fallback: '5,30,120,300,900',
    doc: 'Delays after the first, second, … failed ask in a row; never longer than the one between asks.',
  }),
  visibleWithinSeconds: variable(
    'VERIFICATION_VISIBLE_WITHIN_SECONDS',
    wholeNumber(1, YEAR_SECONDS),
    {
      fallback: '86400',
      doc: 'How long after submission a credit may take to show at the bank.',
    },
  ),
  deferredBankingHours: variable('VERIFICATION_DEFERRED_BANKING_HOURS', wholeNumber(0, 1_000), {
    fallback: '72',
    doc: 'The same for transfers from another bank, in hours of banking days; never less than for the others.',
  }),
  bankHolidays: variable('VERIFICATION_BANK_HOLIDAYS', calendarDates, {
    fallback: '',
    doc: 'Days on which no bank works, beside Saturdays and Sundays: YYYY-MM-DD, divided by commas.',
  }),
  matchDays: variable('VERIFICATION_MATCH_DAYS', wholeNumber(1, 365), {
    fallback: '30',
    doc: 'How long an expired claim is still matched, where the merchant has no period of its own.',
  }),
  askTimeoutMs: variable('VERIFICATION_ASK_TIMEOUT_MS', wholeNumber(1_000, 300_000), {
    fallback: '30000',
    doc: 'Longest duration of one ask, repeats included; an open ask counts as unknown after it.',
  }),
  asksInFlight: variable('VERIFICATION_ASKS_IN_FLIGHT', wholeNumber(1, 100), {
    fallback: '4',
    doc: 'Most asks of one credential under way at once; the contract with the bank limits them too.',
  }),
  proposalStaleMs: variable('VERIFICATION_PROPOSAL_STALE_MS', wholeNumber(1, 3_600_000), {
    fallback: '5000',
    doc: 'Age at which a binding that was begun is finished by whoever finds it.',
  }),
}) {}

/** The schedule that the configuration says. */
export const scheduleOf = (config: VerificationConfig): Schedule => ({
  delaysSeconds: config.scheduleSeconds,
  everySeconds: config.everySeconds,
  lateEverySeconds: config.lateEverySeconds,
  failureDelaysSeconds: config.failureSeconds.map((seconds) =>
    Math.min(seconds, config.everySeconds),
  ),
});
