// Histories in which claims, the sweeps of their accounts and the slots of their movements move the same rows.
import * as fc from 'fast-check';
import { securityActRecorded } from '../../src/access/acts/security-act.event.js';
import type { Event } from '../../src/kernel/event.js';
import { transactionStream } from '../../src/transactions/domain/transaction-id.js';
import { movementBound } from '../../src/verification/bind-movement/movement-bound.event.js';
import { movementObserved } from '../../src/verification/bind-movement/movement-observed.event.js';
import { movementReleased } from '../../src/verification/bind-movement/movement-released.event.js';
import { slotStream } from '../../src/verification/domain/slot.js';
import { sweepStream } from '../../src/verification/domain/sweeps.js';
import { sweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import { sweepStarted } from '../../src/verification/record-sweep/sweep-started.event.js';
import { aMovement, anId, happened, minutesLater } from './a-transaction.js';

/** An event, and the stream it belongs to. */
export interface Told {
  readonly streamName: string;
  readonly event: Event;
}

interface Turn {
  readonly claim: number;
  readonly what: (typeof HAPPENINGS)[number];
  readonly account: number;
  readonly day: number;
  readonly length: number;
  readonly slot: number;
  readonly minutes: number;
}

// Some beside one another, and some so far apart that no sweep of the one is about the other.
const DAYS = ['2026-03-06', '2026-03-10', '2026-03-11', '2026-03-14'] as const;
const HAPPENINGS = [
  'sweep started',
  'sweep started',
  'sweep answered',
  'sweep answered',
  'sweep answered',
  'asked',
  'answered',
  'observed',
  'observed',
  'bound',
  'reopened',
  'released',
  'released',
  'corrected',
  'corrected',
  'flagged',
  'returned',
  'expired',
  'requested',
  'cancelled',
  'act',
] as const;

const turns: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({
    claim: fc.constantFrom(0, 0, 0, 1, 2),
    what: fc.constantFrom(...HAPPENINGS),
    account: fc.constantFrom(0, 0, 1),
    day: fc.nat({ max: DAYS.length - 1 }),
    length: fc.nat({ max: 1 }),
    slot: fc.constantFrom(0, 0, 1),
    minutes: fc.constantFrom(1, 5, 30, 700),
  }),
  { minLength: 12, maxLength: 40 },
);

/** One log: some claims at two accounts, and what happened to them. */
export const tangledHistories: fc.Arbitrary<readonly Told[]> = turns.map((all) => {
  const teller = new Teller();
  return all.flatMap((turn) => teller.tell(turn));
});

class Teller {
  private minutes = 0;
  private readonly claims = new Set<number>();
  private readonly open = new Map<number, ReturnType<typeof sweepStarted>['data']>();
  private readonly bound = new Set<string>();
  private sweeps = 0;

  tell(turn: Turn): readonly Told[] {
    this.minutes += turn.minutes;
    if (turn.what === 'act') return [this.act()];
    if (turn.what === 'sweep started') return [this.sweepStarted(turn)];
    if (turn.what === 'sweep answered') return this.sweepAnswered(turn);
    const submitted = this.claims.has(turn.claim) ? [] : [this.submitted(turn)];
    this.claims.add(turn.claim);
    return [...submitted, ...this.ofClaim(turn)];
  }

  private get now(): string {
    return minutesLater(this.minutes).toISOString();
  }

  private submitted({ claim, account, day }: Turn): Told {
    const transactionId = anId(`claim ${claim}`);
    return {
      streamName: transactionStream(transactionId),
      event: happened.submitted({
        transactionId,
        receivingAccountId: anId(`account ${account}`),
        paidOn: DAYS[day] ?? DAYS[0],
        submittedAt: this.now,
        visibleBy: minutesLater(this.minutes + 600).toISOString(),
      }),
    };
  }

  private ofClaim({ claim, what, slot: n, day }: Turn): readonly Told[] {
    const { now } = this;
    const transactionId = anId(`claim ${claim}`);
    const slot = `0134.J0000.credit.20260310.00000${n}`;
    const { movementKey } = aMovement();
    const own = (...events: readonly Event[]) =>
      events.map((event) => ({ streamName: transactionStream(transactionId), event }));
    const released = { slot, movementKey, transactionId, reason: 'another', releasedBy: 'user:1' };
    const happenings: Partial<Record<Turn['what'], () => readonly Told[]>> = {
      asked: () => own(happened.askStarted({ startedAt: now, deadlineAt: now })),
      answered: () => own(happened.askAnswered({ answeredAt: now })),
      // A tail from a look-up, or the same credit as a listing shows it.
      observed: () => {
        const listed = { account: `0134${'0'.repeat(16)}`, movementKey: 'b'.repeat(32) };
        const movement = aMovement({ reference: `00000${n}`, ...(day % 2 === 0 ? listed : {}) });
        const event = movementObserved({ slot, movement, askId: anId(now), observedAt: now });
        return [{ streamName: slotStream(slot), event }];
      },
      bound: () => {
        this.bound.add(`${claim} ${slot}`);
        const proposed = happened.bindingProposed({ slot, proposedAt: now });
        const ids = { merchantId: anId('merchant'), externalId: 'order', proposalId: anId(now) };
        const held = movementBound({ slot, movementKey, transactionId, ...ids, boundAt: now });
        return [
          ...own(proposed),
          { streamName: slotStream(slot), event: held },
          ...own(happened.verified({ slot, verifiedAt: now })),
        ];
      },
      reopened: () => own(happened.flagged({ reason: 'reopened', note: 'why', flaggedAt: now })),
      released: () => {
        const event = movementReleased({ ...released, releasedAt: now });
        // A slot lets go of nothing that it did not hold.
        return this.bound.has(`${claim} ${slot}`) ? [{ streamName: slotStream(slot), event }] : [];
      },
      corrected: () => own(happened.corrected({ paidOn: DAYS[day] ?? DAYS[0], correctedAt: now })),
      flagged: () => own(happened.flagged({ flaggedAt: now })),
      returned: () => own(happened.returnedToPending()),
      expired: () => own(happened.expired()),
      requested: () => own(happened.verificationRequested(now)),
      cancelled: () => own(happened.cancelled()),
    };
    return happenings[what]?.() ?? [];
  }

  private sweepStarted({ account, day, length }: Turn): Told {
    this.sweeps += 1;
    const started = sweepStarted({
      sweepId: anId(`sweep ${this.sweeps}`),
      receivingAccountId: anId(`account ${account}`),
      bank: '0134',
      credentialId: 'banesco',
      permitId: anId('permit'),
      from: DAYS[day] ?? DAYS[0],
      to: DAYS[Math.min(day + length, DAYS.length - 1)] ?? DAYS[0],
      startedAt: this.now,
      deadlineAt: this.now,
    });
    this.open.set(account, started.data);
    return this.ofSweep(started.data, started);
  }

  private sweepAnswered(turn: Turn): readonly Told[] {
    const begun = this.open.has(turn.account) ? [] : [this.sweepStarted(turn)];
    const sweep = this.open.get(turn.account);
    if (sweep === undefined) return begun;
    this.open.delete(turn.account);
    const { sweepId, receivingAccountId, from, to } = sweep;
    const answered = sweepAnswered({
      sweepId,
      receivingAccountId,
      from,
      to,
      outcome: turn.slot === 0 ? 'not_visible_yet' : 'found',
      bankCode: null,
      httpStatus: 200,
      durationMs: 10,
      answerHash: null,
      permitIds: [],
      movements: 0,
      retryAfterMs: null,
      answeredAt: this.now,
    });
    return [...begun, this.ofSweep(sweep, answered)];
  }

  private ofSweep(
    sweep: { readonly receivingAccountId: string; readonly startedAt: string },
    event: Event,
  ): Told {
    const startedAt = new Date(sweep.startedAt);
    return { streamName: sweepStream(sweep.receivingAccountId, startedAt), event };
  }

  private act(): Told {
    const event = securityActRecorded({
      act: 'merchant.changed',
      subject: 'merchant:1',
      merchantId: null,
      address: null,
      result: 'done',
      reason: null,
      particulars: {},
      at: this.now,
    });
    return { streamName: 'access-1', event };
  }
}
