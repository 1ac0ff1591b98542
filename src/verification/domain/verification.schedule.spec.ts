import { anId, happened, SUBMITTED_AT } from '../../../test/support/a-transaction.js';
import type { BankOutcome } from '../../matching/bank-answer.js';
import type { TransactionEvent } from '../../transactions/events/transaction.event.js';
import { nextAsk, type Schedule } from './verification.schedule.js';
import { watch, type Watch } from './watch.js';

const SCHEDULE: Schedule = {
  delaysSeconds: [0, 60, 120, 300],
  everySeconds: 3_600,
  lateEverySeconds: 86_400,
  failureDelaysSeconds: [5, 30],
};

const PAID_ON = '2026-03-10';
const [DAY_BEFORE, DAY_AFTER] = ['2026-03-09', '2026-03-11'];
const submittedMs = Date.parse(SUBMITTED_AT);
const after = (seconds: number): string => new Date(submittedMs + seconds * 1_000).toISOString();

/** One ask that ended some seconds after submission. */
const asked = (
  seconds: number,
  outcome: BankOutcome,
  { askedOn = PAID_ON, retryAfterMs = null as number | null } = {},
): TransactionEvent[] => [
  happened.askStarted({ askId: anId(`ask ${seconds}`), askedOn, startedAt: after(seconds - 1) }),
  happened.askAnswered({
    askId: anId(`ask ${seconds}`),
    outcome,
    retryAfterMs,
    answeredAt: after(seconds),
  }),
];

const nothing = (...seconds: number[]): TransactionEvent[] =>
  seconds.flatMap((second) => asked(second, 'not_visible_yet'));

const given = (...history: readonly TransactionEvent[]) => {
  const state = history.reduce<Watch | null>(watch, null);
  const next = state === null ? null : nextAsk(state, SCHEDULE);
  return {
    thenAsks: (seconds: number, askedOn: string = PAID_ON) =>
      expect(next && { at: next.dueAt.toISOString(), askedOn: next.askedOn }).toEqual({
        at: after(seconds),
        askedOn,
      }),
    thenAsksNothing: () => expect(next).toBeNull(),
  };
};

const submitted = happened.submitted();
/** Every listed delay is used up, and both neighbours were tried. */
const patient = [
  submitted,
  ...nothing(0, 60, 180, 480),
  ...asked(540, 'not_visible_yet', { askedOn: DAY_BEFORE }),
];

describe('planning the asks of a pending claim', () => {
  it('asks at once', () => {
    given(submitted).thenAsks(0);
  });

  it.each([
    ['a minute after the first answer', [1], 61],
    ['two minutes after the second', [1, 62], 182],
    ['five minutes after the third', [1, 62, 183], 483],
  ])('asks again %s', (_, answers, due) => {
    given(submitted, ...nothing(...answers)).thenAsks(due);
  });

  it('then tries the day before, in case the payer took the wrong date', () => {
    given(submitted, ...nothing(0, 60, 180, 480)).thenAsks(540, DAY_BEFORE);
  });

  it('does not try a day that has not come', () => {
    given(...patient).thenAsks(540 + 3_600);
  });

  it('tries the day after once it has come', () => {
    const nextDay = 15 * 3_600;
    given(...patient, ...nothing(nextDay)).thenAsks(nextDay + 60, DAY_AFTER);
  });

  it('tries each neighbour once', () => {
    const nextDay = 15 * 3_600;
    given(
      ...patient,
      ...nothing(nextDay),
      ...asked(nextDay + 60, 'not_visible_yet', { askedOn: DAY_AFTER }),
      // Six times an hour, or half as long again as it has waited: the sooner.
    ).thenAsks(nextDay + 60 + 6 * 3_600);
  });

  it('asks more and more rarely once the schedule is used up', () => {
    given(...patient, ...nothing(7_200)).thenAsks(7_200 + 3_600);
    given(...patient, ...nothing(14_400)).thenAsks(14_400 + 7_200);
  });

  it('tries a neighbour again when that ask failed', () => {
    given(
      submitted,
      ...nothing(0, 60, 180, 480),
      ...asked(540, 'unavailable', { askedOn: DAY_BEFORE }),
      ...nothing(545),
    ).thenAsks(605, DAY_BEFORE);
  });

  it('asks right after the visibility deadline, which alone can let the claim expire', () => {
    const shortly = 24 * 3_600 - 60;
    given(
      ...patient,
      ...asked(15 * 3_600, 'not_visible_yet', { askedOn: DAY_AFTER }),
      ...nothing(shortly),
    ).thenAsks(24 * 3_600 + 0.001);
  });

  it('keeps its pace after the deadline when failures put it off', () => {
    given(
      ...patient,
      ...asked(15 * 3_600, 'not_visible_yet', { askedOn: DAY_AFTER }),
      ...nothing(25 * 3_600),
    ).thenAsks(26 * 3_600);
  });
});

describe('planning after a failure', () => {
  it.each<BankOutcome>([
    'unavailable',
    'outcome_unknown',
    'maintenance',
    'rate_limited',
    'credentials_refused',
    'range_too_large',
  ])('asks again soon after %s', (outcome) => {
    given(submitted, ...asked(1, outcome)).thenAsks(6);
  });

  it('asks again soon when nothing followed the rows it found, since their process died', () => {
    given(submitted, ...asked(1, 'found')).thenAsks(6);
  });

  it('waits longer after the second in a row, and no longer than the last delay', () => {
    given(submitted, ...asked(1, 'unavailable'), ...asked(6, 'unavailable')).thenAsks(36);
    given(
      submitted,
      ...asked(1, 'unavailable'),
      ...asked(6, 'unavailable'),
      ...asked(36, 'unavailable'),
    ).thenAsks(66);
  });

  it('heeds the wish of the bank when it is longer', () => {
    given(submitted, ...asked(1, 'rate_limited', { retryAfterMs: 60_000 })).thenAsks(61);
    given(submitted, ...asked(1, 'rate_limited', { retryAfterMs: 1_000 })).thenAsks(6);
  });

  it('uses up no step of the schedule', () => {
    given(submitted, ...asked(1, 'unavailable'), ...nothing(6)).thenAsks(66);
  });

  it('forgets the failures with the next answer', () => {
    given(
      submitted,
      ...asked(1, 'unavailable'),
      ...nothing(6),
      ...asked(66, 'unavailable'),
    ).thenAsks(71);
  });
});

describe('planning once the claim expired', () => {
  const expired = [...patient, ...nothing(24 * 3_600 + 1), happened.expired()];

  it('tries the day after when it was not tried', () => {
    given(...expired).thenAsks(24 * 3_600 + 61, DAY_AFTER);
  });

  it('asks once a day', () => {
    given(
      ...expired,
      ...asked(24 * 3_600 + 61, 'not_visible_yet', { askedOn: DAY_AFTER }),
    ).thenAsks(48 * 3_600 + 61);
  });

  it('asks no more once the claim is matched no more', () => {
    const last = 29 * 86_400 + 60;
    given(
      ...expired,
      ...asked(24 * 3_600 + 61, 'not_visible_yet', { askedOn: DAY_AFTER }),
      ...nothing(last),
    ).thenAsksNothing();
  });
});

describe('planning while something else goes on', () => {
  it('asks nothing while an ask is open', () => {
    given(submitted, happened.askStarted()).thenAsksNothing();
  });

  it('asks nothing while a binding is under way', () => {
    given(submitted, ...asked(1, 'found'), happened.bindingProposed()).thenAsksNothing();
  });

  it.each<readonly [string, readonly TransactionEvent[]]>([
    ['verified', [happened.bindingProposed(), happened.verified()]],
    ['in review', [happened.flagged()]],
    ['rejected', [happened.rejected()]],
    ['cancelled', [happened.cancelled()]],
    ['reversed', [happened.bindingProposed(), happened.verified(), happened.reversed()]],
  ])('asks nothing of a claim that is %s', (_, history) => {
    given(submitted, ...history).thenAsksNothing();
  });

  it('begins anew when a person sends the claim back', () => {
    given(...patient, happened.flagged(), happened.returnedToPending()).thenAsks(300);
  });
});

describe('planning an ask that the merchant wishes for', () => {
  const wish = happened.verificationRequested(after(500));

  it('asks at once, whatever the delay', () => {
    given(submitted, ...nothing(0, 60, 180, 480), wish).thenAsks(500);
    given(submitted, ...asked(490, 'unavailable'), wish).thenAsks(500);
    given(submitted, happened.expired(), wish).thenAsks(500);
  });

  it('goes on by schedule after it', () => {
    given(submitted, ...nothing(0, 60), wish, ...nothing(501)).thenAsks(801);
  });

  it('asks nothing once a person decides', () => {
    given(submitted, wish, happened.flagged()).thenAsksNothing();
  });
});

describe('planning the asks of a claim that was corrected', () => {
  it('begins the schedule anew, on the corrected day', () => {
    const history = [submitted, ...nothing(0, 60, 180), happened.corrected()];

    given(...history).thenAsks(360, '2026-03-09');
  });
});
