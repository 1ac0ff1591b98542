import { aMovement } from '../../../test/support/a-claim.js';
import type { BankAnswer } from '../../matching/bank-answer.js';
import type { MatchVerdict } from '../../matching/match-movement.js';
import { toObserved } from '../../matching/observed-movement.js';
import {
  afterAnswer,
  beforeAsking,
  outcomeOf,
  type Known,
  type Step,
} from './verification.process.js';

const PAID_ON = '2026-07-10';
const VISIBLE_BY = '2026-07-11T15:00:00.000Z';
const EARLY = new Date('2026-07-10T16:00:00.000Z');
const LATE = new Date('2026-07-11T15:00:00.001Z');

const credit = aMovement();
const other = aMovement({ bankTime: '11:00:00' });
const debit = aMovement({ direction: 'debit' });
// The process counts on plain rows without the bank's free text, as events hold them.
const recorded = { ...credit, concept: '' };

const found: BankAnswer = { outcome: 'found', movements: [credit] };
const nothing: BankAnswer = { outcome: 'not_visible_yet' };

const known = (changes: Partial<Known> = {}): Known => ({
  standing: 'pending',
  lastProposed: null,
  claim: { paidOn: PAID_ON, visibleBy: VISIBLE_BY },
  ...changes,
});

const given = (changes: Partial<Known> = {}) => ({
  when: (answer: BankAnswer, match: MatchVerdict | null, at = EARLY, askedOn = PAID_ON) => {
    const steps = afterAnswer(known(changes), { answer, match, askedOn, at });
    return {
      thenNothing: () => expect(steps).toEqual([]),
      thenDoes: (...expected: readonly Partial<Step>[]) =>
        expect(steps).toEqual(expected.map((step) => expect.objectContaining(step))),
    };
  },
});

const fits: MatchVerdict = { verdict: 'fits', movement: credit, differenceMinor: 0n };

describe('following an answer with rows', () => {
  it('proposes the row that fits', () => {
    given().when(found, fits).thenDoes({ do: 'propose', movement: credit });
  });

  it('proposes it after expiry too, since late money is money', () => {
    given({ standing: 'expired' })
      .when(found, fits, LATE)
      .thenDoes({ do: 'propose', movement: credit });
  });

  it('proposes it when it lies on a neighbouring day', () => {
    given().when(found, fits, EARLY, '2026-07-11').thenDoes({ do: 'propose', movement: credit });
  });

  it('adds it as evidence in review, without a verdict', () => {
    given({ standing: 'in_review' })
      .when(found, fits)
      .thenDoes({ do: 'flag', reason: 'ambiguous_movements', candidates: [credit] });
  });

  it('asks a person about another amount', () => {
    given()
      .when(found, { verdict: 'differs', candidates: [credit] })
      .thenDoes({ do: 'flag', reason: 'amount_differs', candidates: [credit], note: null });
  });

  it('asks a person about two that fit', () => {
    given()
      .when(found, { verdict: 'ambiguous', candidates: [credit, other] })
      .thenDoes({ do: 'flag', reason: 'ambiguous_movements', candidates: [credit, other] });
  });

  it('asks a person about a credit that a debit takes back', () => {
    given()
      .when(found, { verdict: 'reversal_suspected', candidates: [credit, debit] })
      .thenDoes({
        do: 'flag',
        reason: 'ambiguous_movements',
        candidates: [credit, debit],
        note: 'a debit takes the credit back',
      });
  });

  it('shows a reviewer no more than twenty candidates', () => {
    const many = Array.from({ length: 25 }, (_, n) => aMovement({ bankTime: `10:00:${10 + n}` }));
    given()
      .when(found, { verdict: 'ambiguous', candidates: many })
      .thenDoes({ do: 'flag', candidates: many.slice(0, 20) });
  });

  it.each(['none', 'commission'] as const)('waits on when the rows are %s', (verdict) => {
    given().when(found, { verdict }).thenNothing();
  });

  it.each(['none', 'commission'] as const)(
    'lets the claim expire after its deadline when the rows are %s',
    (verdict) => {
      given().when(found, { verdict }, LATE).thenDoes({ do: 'expire' });
    },
  );
});

describe('following an answer with a row that nobody can tell whose it is', () => {
  const hidden: BankAnswer = { outcome: 'found', movements: [], hidden: 1 };

  it('asks a person, and calls it neither a credit nor its absence', () => {
    given()
      .when(hidden, null)
      .thenDoes({ do: 'flag', reason: 'unsupported_evidence', candidates: [] });
    expect(outcomeOf({ answer: hidden, match: null })).toBe('found');
  });

  it('never lets the claim expire by it, nor by rows beside it that are not the payment', () => {
    given()
      .when(hidden, { verdict: 'none' }, LATE)
      .thenDoes({ do: 'flag', reason: 'unsupported_evidence', candidates: [] });
    expect(outcomeOf({ answer: hidden, match: { verdict: 'none' } })).toBe('found');
  });

  it('verifies by no row beside it, and shows that row', () => {
    given()
      .when(hidden, fits)
      .thenDoes({ do: 'flag', reason: 'unsupported_evidence', candidates: [credit] });
  });

  it.each(['verified', 'ended'] as const)('leaves a claim %s alone', (standing) => {
    given({ standing }).when(hidden, null, LATE).thenNothing();
  });
});

describe('following an answer without the payment', () => {
  it('waits on before the visibility deadline', () => {
    given().when(nothing, null).thenNothing();
  });

  it('waits on at the very deadline', () => {
    given().when(nothing, null, new Date(VISIBLE_BY)).thenNothing();
  });

  it('lets the claim expire right after it', () => {
    given().when(nothing, null, LATE).thenDoes({ do: 'expire' });
  });

  it('never lets it expire by a neighbouring day', () => {
    given().when(nothing, null, LATE, '2026-07-11').thenNothing();
  });

  it('has nothing to add once it expired', () => {
    given({ standing: 'expired' }).when(nothing, null, LATE).thenNothing();
  });

  it.each(['in_review', 'verified', 'ended'] as const)('leaves a claim %s alone', (standing) => {
    given({ standing }).when(nothing, null, LATE).thenNothing();
  });

  it('asks a person when the bank showed the credit before', () => {
    given({ lastProposed: toObserved(credit) })
      .when(nothing, null)
      .thenDoes({ do: 'flag', reason: 'contradicting_answers', candidates: [recorded] });
  });

  it('asks a person rather than let a contradicted claim expire', () => {
    given({ lastProposed: toObserved(credit) })
      .when(nothing, null, LATE)
      .thenDoes({ do: 'flag', reason: 'contradicting_answers' });
  });
});

describe('following an answer that says nothing of the payment', () => {
  const silent: readonly BankAnswer[] = [
    { outcome: 'credentials_refused' },
    { outcome: 'rate_limited', retryAfterMs: 60_000 },
    { outcome: 'maintenance', retryAfterMs: null },
    { outcome: 'unavailable' },
    { outcome: 'outcome_unknown' },
    { outcome: 'range_too_large' },
  ];

  it.each(silent.map((answer) => [answer.outcome, answer] as const))(
    'leaves the claim where it is after %s, even past the deadline',
    (_, answer) => {
      given().when(answer, null, LATE).thenNothing();
      given({ lastProposed: toObserved(credit) })
        .when(answer, null, LATE)
        .thenNothing();
    },
  );

  it('says whom the bank probably told before, where an answer of ours was lost', () => {
    const note = (inDoubt: boolean) =>
      afterAnswer(
        {
          standing: 'pending',
          lastProposed: null,
          claim: { paidOn: '2026-03-10', visibleBy: LATE.toISOString() },
          inDoubt,
        },
        { answer: { outcome: 'already_reconciled' }, match: null, askedOn: '2026-03-10', at: LATE },
      );
    expect(note(true)).toMatchObject([{ note: expect.stringContaining('our own ask') }]);
    expect(note(false)).toMatchObject([{ note: expect.stringContaining('not to us') }]);
  });

  it.each<BankAnswer>([{ outcome: 'invalid_query' }, { outcome: 'already_reconciled' }])(
    'asks a person after %p',
    (answer) => {
      given()
        .when(answer, null)
        .thenDoes({ do: 'flag', reason: 'unsupported_evidence', candidates: [] });
    },
  );
});

describe('writing an answer down', () => {
  it('calls rows without the payment not visible yet', () => {
    expect(outcomeOf({ answer: found, match: { verdict: 'none' } })).toBe('not_visible_yet');
    expect(outcomeOf({ answer: found, match: { verdict: 'commission' } })).toBe('not_visible_yet');
  });

  it('keeps every other outcome', () => {
    expect(outcomeOf({ answer: found, match: fits })).toBe('found');
    expect(outcomeOf({ answer: nothing, match: null })).toBe('not_visible_yet');
    expect(outcomeOf({ answer: { outcome: 'unavailable' }, match: null })).toBe('unavailable');
  });
});

describe('looking at a claim before asking', () => {
  it('asks a person about a kind that the bank cannot look up', () => {
    expect(beforeAsking('card_deposit', ['pago_movil', 'transfer'])).toEqual([
      expect.objectContaining({ do: 'flag', reason: 'unsupported_evidence', candidates: [] }),
    ]);
  });

  it('has no objection to a kind that it can', () => {
    expect(beforeAsking('transfer', ['pago_movil', 'transfer'])).toEqual([]);
  });
});
