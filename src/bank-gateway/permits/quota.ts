// The arithmetic of permits, pure, so that the log in Postgres and its in-memory double cannot differ.
import type { PermitLimits } from './permit-limits.js';
import type { PermitRequest, PermitUsage } from './permit-log.port.js';

/** How long after it was taken a permit may be used; short, so that a frozen process cannot hoard calls. */
export const PERMIT_VALID_MS = 1000;

/** A permit that still counts, as seen at one instant. */
export interface CountingPermit {
  readonly operation: PermitRequest['operation'];
  readonly transactionId: string | null;
  /** The earliest time from now at which it can stop counting; above 0. */
  readonly freesInMs: number;
}

/** What is known of a credential at one instant. */
export interface QuotaState {
  readonly counting: readonly CountingPermit[];
  /** What is left of a cool-down; 0 when there is none. */
  readonly coolDownMs: number;
}

/**
 * A permit counts until a window after the call's latest possible arrival: no window of the bank can then hold both
 * this call and one whose permit was taken later. One still under way could be resolved this very moment, hence the
 * smaller of now and its deadline: the earliest end, so that nobody waits longer than he must.
 */
export function freesInMs(
  permit: { readonly deadlineMs: number; readonly resolvedMs: number | null },
  nowMs: number,
  limits: PermitLimits,
): number {
  const latestArrivalMs = permit.resolvedMs ?? Math.min(permit.deadlineMs, nowMs);
  return latestArrivalMs + limits.windowMs + limits.marginMs - nowMs;
}

/** From taking a permit: the call may begin until the permit lapses, and last until its own deadline. */
export const latestArrivalMs = (request: PermitRequest, limits: PermitLimits): number =>
  PERMIT_VALID_MS + Math.max(request.callDeadlineMs, limits.callDeadlineMs);

/** 0 when a permit may be given now, else the time before which asking again is useless. */
export function waitMsFor(request: PermitRequest, state: QuotaState, limits: PermitLimits): number {
  const { counting } = state;
  const tokens = counting.filter((permit) => permit.operation === 'token');
  const charged = limits.tokenCallsCount
    ? counting
    : counting.filter((permit) => permit.operation !== 'token');
  const waits = [state.coolDownMs];
  if (request.operation !== 'token' || limits.tokenCallsCount) {
    waits.push(untilOneFrees(charged, limits.calls));
  }
  if (request.operation === 'token') waits.push(untilOneFrees(tokens, limits.tokenCalls));
  if (request.operation === 'look_up' && request.transactionId !== null) {
    const same = counting.filter(
      ({ operation, transactionId }) =>
        operation === 'look_up' && transactionId === request.transactionId,
    );
    waits.push(untilOneFrees(same, limits.callsPerTransaction));
  }
  return Math.ceil(Math.max(0, ...waits));
}

/** How many permits count against the contract, and how many a caller could take now. */
export function usageOf(state: QuotaState, limits: PermitLimits): PermitUsage {
  const used = state.counting.filter(
    ({ operation }) => limits.tokenCallsCount || operation !== 'token',
  ).length;
  const { coolDownMs } = state;
  return { used, free: coolDownMs > 0 ? 0 : Math.max(0, limits.calls - used), coolDownMs };
}

function untilOneFrees(permits: readonly CountingPermit[], limit: number): number {
  if (permits.length < limit) return 0;
  const frees = permits.map((permit) => permit.freesInMs).sort((a, b) => a - b);
  return frees[permits.length - limit] ?? 0;
}
