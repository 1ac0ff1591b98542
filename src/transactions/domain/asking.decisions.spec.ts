import {
  anId,
  happened,
  MATCHED_FOR_MINUTES,
  minutesLater,
} from '../../../test/support/a-transaction.js';
import { given } from '../../../test/support/given.js';
import {
  closeUnansweredAsk,
  MAX_REQUESTS,
  recordAnswer,
  requestVerification,
  startAsk,
  type StartAsk,
} from './asking.decisions.js';
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

describe('having the bank asked now', () => {
  const now = minutesLater(8);
  const hurry = (state: Transaction) =>
    requestVerification(state, { requestedBy: 'api_key:1' }, now);
  const requested = happened.verificationRequested(now.toISOString());

  it('writes the wish down for a claim that the machine settles', () => {
    given(happened.submitted()).when(hurry).thenEvents(requested);
    given(happened.submitted(), happened.expired()).when(hurry).thenEvents(requested);
    given(happened.submitted(), happened.flagged())
      .when(hurry)
      .thenRejected('not_allowed_in_status');
  });

  it('has nothing to hurry while an answer or a binding is under way', () => {
    given(happened.submitted(), happened.askStarted()).when(hurry).thenNothing();
    given(happened.submitted(), happened.bindingProposed()).when(hurry).thenNothing();
  });

  it('takes one wish a minute', () => {
    const secondsAgo = (seconds: number) =>
      happened.verificationRequested(new Date(now.getTime() - seconds * 1_000).toISOString());

    given(happened.submitted(), secondsAgo(59))
      .when(hurry)
      .thenRejected('requested_recently', { retry_after_seconds: 1 });
    given(happened.submitted(), secondsAgo(60)).when(hurry).thenEvents(requested);
  });

  it('takes no more than a claim can use', () => {
    const wishes = Array.from({ length: MAX_REQUESTS }, () =>
      happened.verificationRequested(minutesLater(1).toISOString()),
    );

    given(happened.submitted(), ...wishes)
      .when(hurry)
      .thenRejected('requested_too_often');
    given(happened.submitted(), ...wishes.slice(1))
      .when(hurry)
      .thenEvents(requested);
  });

  it('ends with the time in which an expired claim is matched', () => {
    given(happened.submitted({ matchUntil: minutesLater(7).toISOString() }), happened.expired())
      .when(hurry)
      .thenRejected('match_period_over');
  });
});

describe('asking in words that the claim has no more', () => {
  it('is refused before anything is sent', () => {
    given(happened.submitted(), happened.corrected())
      .when(starting())
      .thenRejected('claim_corrected');
    given(happened.submitted(), happened.corrected())
      .when(starting({ correctionsSeen: 1 }))
      .thenMatches({ type: 'AskStarted.v1', data: { askId: ask.askId } });
  });
});
