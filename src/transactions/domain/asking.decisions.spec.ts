import {
  anId,
  happened,
  MATCHED_FOR_MINUTES,
  minutesLater,
} from '../../../test/support/a-transaction.js';
import { given } from '../../../test/support/given.js';
import { closeUnansweredAsk, recordAnswer, startAsk, type StartAsk } from './asking.decisions.js';
import type { Transaction } from './transaction.js';

const ask: StartAsk = {
  askId: anId('ask'),
  credentialId: 'banesco',
  permitId: anId('permit'),
  askedOn: '2026-03-10',
  deadlineAt: minutesLater(2),
  asksSeen: 0,
};
const starting =
  (over: Partial<StartAsk> = {}, now = minutesLater(1)) =>
  (state: Transaction) =>
    startAsk(state, { ...ask, ...over }, now);

const { answeredAt: _, ...answer } = happened.askAnswered().data;
const answering =
  (over: Partial<typeof answer> = {}) =>
  (state: Transaction) =>
    recordAnswer(state, { ...answer, ...over }, minutesLater(1));

describe('starting an ask', () => {
  it('says whom it asks, as whom, for which day and until when', () => {
    given(happened.submitted()).when(starting()).thenEvents(happened.askStarted());
  });

  it('takes the same ask again without a new fact', () => {
    given(happened.submitted(), happened.askStarted()).when(starting()).thenNothing();
  });

  it('refuses a second ask while one is open, and names it', () => {
    given(happened.submitted(), happened.askStarted())
      .when(starting({ askId: anId('other'), asksSeen: 1 }))
      .thenRejected('ask_in_progress', { ask_id: anId('ask') });
  });

  it('refuses an ask that was planned before another was made', () => {
    given(happened.submitted(), happened.askStarted(), happened.askAnswered())
      .when(starting({ askId: anId('other') }))
      .thenRejected('not_due', { asks_started: 1 });
  });

  it.each([
    ['up to the last instant of matching', MATCHED_FOR_MINUTES, 'asks'],
    ['not a minute longer', MATCHED_FOR_MINUTES + 1, 'refuses'],
  ])('asks about an expired claim %s', (_, minutes, what) => {
    const step = given(happened.submitted(), happened.expired()).when(
      starting({}, minutesLater(minutes)),
    );

    if (what === 'asks') step.thenMatches({ type: 'AskStarted.v1' });
    else step.thenRejected('match_period_over');
  });
});

describe('recording an answer', () => {
  const asked = [happened.submitted(), happened.askStarted()];

  it('closes the open ask', () => {
    given(...asked)
      .when(answering())
      .thenEvents(happened.askAnswered());
  });

  it('records what came back although the claim was cancelled meanwhile', () => {
    given(...asked, happened.cancelled())
      .when(answering({ outcome: 'found', movements: 1 }))
      .thenMatches({ type: 'AskAnswered.v1', data: { outcome: 'found', movements: 1 } });
  });

  it('takes the same answer again without a new fact', () => {
    given(...asked, happened.askAnswered())
      .when(answering())
      .thenNothing();
  });

  it('refuses another answer to an ask that is closed', () => {
    given(...asked, happened.askAnswered({ outcome: 'outcome_unknown' }))
      .when(answering())
      .thenRejected('ask_not_open', { ask_id: anId('ask') });
  });

  it('refuses the answer to an ask that was never started', () => {
    given(...asked)
      .when(answering({ askId: anId('other') }))
      .thenRejected('ask_not_open');
  });
});

describe('closing an ask that nobody answered', () => {
  const asked = [happened.submitted(), happened.askStarted()];
  const closing = (now: Date) => (state: Transaction) =>
    closeUnansweredAsk(state, { askId: anId('ask') }, now);

  it('calls its outcome unknown, and its permit spent', () => {
    given(...asked)
      .when(closing(minutesLater(3)))
      .thenMatches({
        type: 'AskAnswered.v1',
        data: { outcome: 'outcome_unknown', permitIds: [anId('permit')], durationMs: 60_000 },
      });
  });

  it('waits until the deadline is past', () => {
    given(...asked)
      .when(closing(minutesLater(2)))
      .thenRejected('ask_not_overdue', { deadline_at: minutesLater(2).toISOString() });
  });

  it('changes nothing when the answer came first', () => {
    given(...asked, happened.askAnswered())
      .when(closing(minutesLater(3)))
      .thenNothing();
  });
});
