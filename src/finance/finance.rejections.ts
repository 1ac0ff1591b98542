import type { ProblemTable } from '../platform/http/problem-codes.js';
import type { DayCloseRejection } from './domain/day-close.decisions.js';

/** Why a rule of finance refuses; `version_changed` is worded by the platform. */
export const financeProblems: ProblemTable<Exclude<DayCloseRejection, 'version_changed'>> = {
  day_not_over: {
    status: 409,
    title: 'The day is not over',
    detail: 'A day is closed once it has ended in America/Caracas.',
    pointer: '/day',
    retryable: true,
  },
  day_already_closed: {
    status: 409,
    title: 'The day is closed',
    detail:
      'version says how often. To correct it, read the close and send If-Match with its ETag: the earlier one stays.',
  },
  coverage_incomplete: {
    status: 409,
    title: 'The bank has not listed the whole day',
    detail:
      'coverage says how much of it. Close it later, or send accept_incomplete with the reason for closing it now.',
    pointer: '/accept_incomplete',
  },
  closed_too_often: {
    status: 409,
    title: 'The day was corrected too often',
    detail: 'No further version of its close is taken.',
  },
};
