import { assertNever } from '../../kernel/assert.js';
import { localDateAt } from '../../kernel/local-date.js';
import { accept, reject, type Decision } from '../../kernel/rejection.js';
import { sweepAnswered, type SweepAnswered } from '../record-sweep/sweep-answered.event.js';
import { sweepStarted, type SweepStarted } from '../record-sweep/sweep-started.event.js';
import type { SweepEvent } from '../record-sweep/sweep.event.js';

/** The sweeps of one account on one day: the one under way, and those that ended. */
export interface Sweeps {
  readonly open: SweepStarted | null;
  readonly ended: Ended | null;
}

/** The last that ended, and those before it: a day holds thousands, and each is added without touching the others. */
interface Ended {
  readonly sweepId: string;
  readonly before: Ended | null;
}

const initialState: Sweeps = { open: null, ended: null };

function hasEnded({ ended }: Sweeps, sweepId: string): boolean {
  for (let one = ended; one !== null; one = one.before) if (one.sweepId === sweepId) return true;
  return false;
}

function evolve(sweeps: Sweeps, event: SweepEvent): Sweeps {
  switch (event.type) {
    case 'SweepStarted.v1':
      return { ...sweeps, open: event.data };
    case 'SweepAnswered.v1':
      return {
        open: sweeps.open?.sweepId === event.data.sweepId ? null : sweeps.open,
        ended: { sweepId: event.data.sweepId, before: sweeps.ended },
      };
    default:
      return assertNever(event, 'an event of sweeps');
  }
}

/** The sweeps as the command runner loads them. */
export const sweepsAggregate = { initialState, evolve } as const;

/** The stream of an account's sweeps on the day, at the bank, on which they began: none grows for ever. */
export const sweepStream = (receivingAccountId: string, startedAt: Date): string =>
  `sweep-${receivingAccountId.replaceAll('-', '')}.${localDateAt(startedAt).replaceAll('-', '')}`;

export type SweepRejectionCode = 'sweep_in_progress' | 'sweep_not_open' | 'sweep_not_overdue';
type SweepDecision = Decision<SweepEvent, SweepRejectionCode>;

/** Announces a sweep; an account has one under way at a time. One that nobody answered in time is closed before. */
export function startSweep(
  sweeps: Sweeps,
  sweep: Omit<SweepStarted, 'startedAt'>,
  now: Date,
): SweepDecision {
  const { open } = sweeps;
  if (open?.sweepId === sweep.sweepId || hasEnded(sweeps, sweep.sweepId)) return accept();
  const startedAt = now.toISOString();
  const started = sweepStarted({ ...sweep, startedAt });
  if (open === null) return accept(started);
  return open.deadlineAt > startedAt
    ? reject('sweep_in_progress', { sweep_id: open.sweepId })
    : accept<SweepEvent>(unanswered(open, now), started);
}

/** Records how a sweep ended. */
export function recordSweep(
  sweeps: Sweeps,
  answer: Omit<SweepAnswered, 'answeredAt' | 'receivingAccountId' | 'from' | 'to'>,
  now: Date,
): SweepDecision {
  const { open } = sweeps;
  if (hasEnded(sweeps, answer.sweepId)) return accept();
  if (open?.sweepId !== answer.sweepId) {
    return reject('sweep_not_open', { sweep_id: answer.sweepId });
  }
  const { receivingAccountId, from, to } = open;
  const answeredAt = now.toISOString();
  return accept(sweepAnswered({ ...answer, receivingAccountId, from, to, answeredAt }));
}

/** Gives up on an answer that nobody can bring any more. */
export function closeUnansweredSweep(
  sweeps: Sweeps,
  { sweepId }: { readonly sweepId: string },
  now: Date,
): SweepDecision {
  const { open } = sweeps;
  if (hasEnded(sweeps, sweepId)) return accept();
  if (open?.sweepId !== sweepId) return reject('sweep_not_open', { sweep_id: sweepId });
  if (open.deadlineAt >= now.toISOString()) {
    return reject('sweep_not_overdue', { sweep_id: sweepId, deadline_at: open.deadlineAt });
  }
  return accept(unanswered(open, now));
}

const unanswered = (open: SweepStarted, now: Date): SweepEvent =>
  sweepAnswered({
    sweepId: open.sweepId,
    receivingAccountId: open.receivingAccountId,
    from: open.from,
    to: open.to,
    outcome: 'outcome_unknown',
    bankCode: null,
    httpStatus: null,
    durationMs: Date.parse(open.deadlineAt) - Date.parse(open.startedAt),
    answerHash: null,
    permitIds: [open.permitId],
    movements: 0,
    retryAfterMs: null,
    answeredAt: now.toISOString(),
  });
