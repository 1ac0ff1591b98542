import { aClaim, aMovement, AN_ACCOUNT } from '../../test/support/a-claim.js';
import type { LocalDate } from '../kernel/local-date.js';
import type { Currency } from '../kernel/money.js';
import { matchMovement, type MatchRules, type MatchVerdict } from './match-movement.js';
import type { Movement } from './movement.js';
import type { PaymentClaim } from './payment-claim.js';

interface Setting {
  readonly claim?: Partial<PaymentClaim>;
  readonly under?: bigint;
  readonly over?: bigint;
  readonly rules?: Partial<MatchRules>;
}

/**
 * One line per case, so that a table reads as one (hence the prettier-ignore marks):
 * what is told apart, the setting, the rows of the answer, and the verdict with its
 * difference or its number of candidates.
 */
type Case = readonly [string, Setting, readonly Partial<Movement>[], string];

const RULES: MatchRules = { referenceDigits: 6, commissionBasisPoints: 500 };
const day = (text: string): LocalDate => text as LocalDate;
const USD = 'USD' as Currency;

const spell = (verdict: MatchVerdict): string => {
  if (verdict.verdict === 'fits') return `fits ${verdict.differenceMinor}`;
  return 'candidates' in verdict
    ? `${verdict.verdict} ${verdict.candidates.length}`
    : verdict.verdict;
};

const judge = (
  { claim, under = 0n, over = 0n, rules }: Setting,
  rows: readonly Partial<Movement>[],
) =>
  matchMovement({
    claim: aClaim(claim),
    rows: rows.map((row) => aMovement(row)),
    tolerance: { underMinor: under, overMinor: over },
    rules: { ...RULES, ...rules },
  });

const examine = (title: string, cases: readonly Case[]): void =>
  describe(title, () => {
    it.each(cases)('%s', (_, setting, rows, expected) => {
      expect(spell(judge(setting, rows))).toBe(expected);
    });
  });

const WHOLE = '00683473078';

// prettier-ignore
examine('matching by amount', [
  ['an equal amount fits', {}, [{}], 'fits 0'],
  ['one cent less differs', {}, [{ amountMinor: 11_999n }], 'differs 1'],
  ['one cent more differs', {}, [{ amountMinor: 12_001n }], 'differs 1'],
  ['half the amount differs', {}, [{ amountMinor: 6_000n }], 'differs 1'],
  ['a hundredfold amount differs', {}, [{ amountMinor: 1_200_000n }], 'differs 1'],
  ['a hundredth of the amount differs', {}, [{ amountMinor: 120n }], 'differs 1'],
  ['a zero amount differs', {}, [{ amountMinor: 0n }], 'differs 1'],
  ['pay 1, claim 10 differs', { claim: { amountMinor: 1_000n } }, [{ amountMinor: 100n }], 'differs 1'],
  ['the bank answers another amount than asked', { claim: { amountMinor: 1_156_672n } }, [{ amountMinor: 471_700n }], 'differs 1'],
  ['one cent claimed and paid fits', { claim: { amountMinor: 1n } }, [{ amountMinor: 1n }], 'fits 0'],
  ['one cent claimed, two paid differs', { claim: { amountMinor: 1n } }, [{ amountMinor: 2n }], 'differs 1'],
  ['the largest amount fits to the cent', { claim: { amountMinor: 9_007_199_254_740_991n } }, [{ amountMinor: 9_007_199_254_740_991n }], 'fits 0'],
  ['the largest amount less one cent differs', { claim: { amountMinor: 9_007_199_254_740_991n } }, [{ amountMinor: 9_007_199_254_740_990n }], 'differs 1'],
  ['two rows of other amounts are both shown', {}, [{ amountMinor: 11_999n }, { amountMinor: 11_998n }], 'differs 2'],
]);

// prettier-ignore
examine('matching within a tolerance', [
  ['the lower edge fits', { under: 100n }, [{ amountMinor: 11_900n }], 'fits -100'],
  ['one cent below the lower edge differs', { under: 100n }, [{ amountMinor: 11_899n }], 'differs 1'],
  ['one cent inside the lower edge fits', { under: 100n }, [{ amountMinor: 11_901n }], 'fits -99'],
  ['the upper edge fits', { over: 100n }, [{ amountMinor: 12_100n }], 'fits 100'],
  ['one cent above the upper edge differs', { over: 100n }, [{ amountMinor: 12_101n }], 'differs 1'],
  ['one cent inside the upper edge fits', { over: 100n }, [{ amountMinor: 12_099n }], 'fits 99'],
  ['an under tolerance allows nothing above', { under: 100n }, [{ amountMinor: 12_001n }], 'differs 1'],
  ['an over tolerance allows nothing below', { over: 100n }, [{ amountMinor: 11_999n }], 'differs 1'],
  ['an asymmetric tolerance fits below', { under: 5n, over: 50n }, [{ amountMinor: 11_995n }], 'fits -5'],
  ['an asymmetric tolerance fits above', { under: 5n, over: 50n }, [{ amountMinor: 12_050n }], 'fits 50'],
  ['an asymmetric tolerance ends below', { under: 5n, over: 50n }, [{ amountMinor: 11_994n }], 'differs 1'],
  ['an asymmetric tolerance ends above', { under: 5n, over: 50n }, [{ amountMinor: 12_051n }], 'differs 1'],
  ['an exact row and a tolerated one are two that fit', { under: 100n, rules: { commissionBasisPoints: 0 } }, [{}, { amountMinor: 11_950n, reference: WHOLE, bankTime: '10:30:00' }], 'ambiguous 2'],
  ['an exact row and a tolerated one that may be its commission are for a person', { under: 100n }, [{}, { amountMinor: 11_950n }], 'ambiguous 2'],
  ['two tolerated rows are two that fit', { under: 100n, over: 100n }, [{ amountMinor: 11_950n, bankTime: '10:00:00' }, { amountMinor: 12_050n }], 'ambiguous 2'],
  ['a row outside the tolerance does not disturb one inside', { under: 100n }, [{ amountMinor: 11_950n }, { amountMinor: 11_000n }], 'fits -50'],
  ['a tolerance does not excuse the day', { under: 100n }, [{ amountMinor: 11_950n, bankOn: day('2026-07-11') }], 'ambiguous 1'],
  ['a tolerance does not excuse the currency', { under: 100n }, [{ amountMinor: 11_950n, currency: USD }], 'none'],
]);

// prettier-ignore
examine('matching by currency and direction', [
  ['the equal currency fits', { claim: { currency: USD } }, [{ currency: USD }], 'fits 0'],
  ['another currency is another payment', {}, [{ currency: USD }], 'none'],
  ['bolívares do not prove dollars', { claim: { currency: USD } }, [{}], 'none'],
  ['another currency beside a fit changes nothing', {}, [{}, { currency: USD, bankTime: '09:00:00' }], 'fits 0'],
  ['a debit proves nothing', {}, [{ direction: 'debit' }], 'commission'],
  ['a debit with the whole reference proves nothing', {}, [{ direction: 'debit', reference: WHOLE }], 'commission'],
  ['a debit of another amount proves nothing', {}, [{ direction: 'debit', amountMinor: 36n }], 'commission'],
  ['two debits prove nothing', {}, [{ direction: 'debit' }, { direction: 'debit', amountMinor: 36n }], 'commission'],
  ['a debit of another reference is nothing', {}, [{ direction: 'debit', reference: '999999' }], 'none'],
  ['a commission debit beside a fit changes nothing', {}, [{}, { direction: 'debit', amountMinor: 36n }], 'fits 0'],
  ['a commission debit beside another amount changes nothing', {}, [{ amountMinor: 11_000n }, { direction: 'debit', amountMinor: 33n }], 'differs 1'],
]);

// prettier-ignore
examine('matching by reference', [
  ['a six-digit tail fits the whole reference', {}, [{ reference: '473078' }], 'fits 0'],
  ['the whole reference fits', {}, [{ reference: WHOLE }], 'fits 0'],
  ['the whole reference without its zeros fits', {}, [{ reference: '683473078' }], 'fits 0'],
  ['the whole reference with more zeros fits', {}, [{ reference: '000000683473078' }], 'fits 0'],
  ['an eight-digit tail fits', {}, [{ reference: '83473078' }], 'fits 0'],
  ['another last digit does not fit', {}, [{ reference: '473079' }], 'none'],
  ['another first digit of the tail does not fit', {}, [{ reference: '573078' }], 'none'],
  ['another digit before the tail does not fit', {}, [{ reference: '9473078' }], 'none'],
  ['a whole reference that only shares the tail does not fit', {}, [{ reference: '00999473078' }], 'none'],
  ['swapped digits do not fit', {}, [{ reference: '473087' }], 'none'],
  ['a head is no tail', {}, [{ reference: '006834' }], 'none'],
  ['no reference proves nothing', {}, [{ reference: '' }], 'none'],
  ['a reference with letters proves nothing', {}, [{ reference: 'A73078' }], 'none'],
  ['a zero-stripped tail fits', { claim: { reference: '00683012345' } }, [{ reference: '12345' }], 'fits 0'],
  ['a tail stripped of two zeros fits', { claim: { reference: '00683001234' } }, [{ reference: '1234' }], 'fits 0'],
  ['a tail stripped to one digit fits', { claim: { reference: '00683000007' } }, [{ reference: '7' }], 'fits 0'],
  ['a tail of zeros stripped to nothing but one fits', { claim: { reference: '00683000000' } }, [{ reference: '0' }], 'fits 0'],
  ['five digits are not any tail of six', { claim: { reference: '00683912345' } }, [{ reference: '12345' }], 'none'],
  ['one digit is not any tail of six', { claim: { reference: '00683473007' } }, [{ reference: '7' }], 'none'],
  ['a tail that begins with zero is compared raw', { claim: { reference: '00683073078' } }, [{ reference: '073078' }], 'fits 0'],
  ['a tail that begins with zero is not another digit', { claim: { reference: '00683173078' } }, [{ reference: '073078' }], 'none'],
  ['a typed tail of six fits the whole row', { claim: { reference: '473078' } }, [{ reference: WHOLE }], 'fits 0'],
  ['a typed tail of four fits the tail of six', { claim: { reference: '3078' } }, [{ reference: '473078' }], 'fits 0'],
  ['a typed tail of four fits the whole row', { claim: { reference: '3078' } }, [{ reference: WHOLE }], 'fits 0'],
  ['a typed tail of four with another digit does not fit', { claim: { reference: '3079' } }, [{ reference: '473078' }], 'none'],
  ['a typed tail of five fits a tail with a stripped zero', { claim: { reference: '12345' } }, [{ reference: '12345' }], 'fits 0'],
  ['a typed tail with its zero fits a stripped one', { claim: { reference: '012345' } }, [{ reference: '12345' }], 'fits 0'],
  ['a typed tail of five fits either row of six, so nobody knows', { claim: { reference: '12345' } }, [{ reference: '012345' }, { reference: '912345' }], 'ambiguous 2'],
  ['a typed reference of twelve fits the whole of eleven', { claim: { reference: '000683473078' } }, [{ reference: WHOLE }], 'fits 0'],
  ['a typed reference of twelve digits fits a tail', { claim: { reference: '123456473078' } }, [{ reference: '473078' }], 'fits 0'],
  ['a typed reference of twenty digits fits', { claim: { reference: '00000000000683473078' } }, [{ reference: '683473078' }], 'fits 0'],
  ['a bank of four digits fits by four', { rules: { referenceDigits: 4 } }, [{ reference: '3078' }], 'fits 0'],
  ['a bank of four digits strips zeros to fewer', { claim: { reference: '683470078' }, rules: { referenceDigits: 4 } }, [{ reference: '78' }], 'fits 0'],
  ['a bank of twelve digits pads a whole reference', { rules: { referenceDigits: 12 } }, [{ reference: '683473078' }], 'fits 0'],
  ['a bank of twelve digits reports no short tails', { rules: { referenceDigits: 12 } }, [{ reference: '473078' }], 'none'],
  ['a reference of zeros fits itself', { claim: { reference: '000000' } }, [{ reference: '000000' }], 'fits 0'],
]);

// prettier-ignore
examine('matching by day', [
  ['the day after with a tail leaves a doubt', {}, [{ bankOn: day('2026-07-11') }], 'ambiguous 1'],
  ['the day before with a tail leaves a doubt', {}, [{ bankOn: day('2026-07-09') }], 'ambiguous 1'],
  ['the day after with the whole reference fits', {}, [{ bankOn: day('2026-07-11'), reference: WHOLE }], 'fits 0'],
  ['the day before with the whole reference fits', {}, [{ bankOn: day('2026-07-09'), reference: WHOLE }], 'fits 0'],
  ['the day after with a zero-stripped whole reference fits', {}, [{ bankOn: day('2026-07-11'), reference: '683473078' }], 'fits 0'],
  ['the day after with an eight-digit tail leaves a doubt', {}, [{ bankOn: day('2026-07-11'), reference: '83473078' }], 'ambiguous 1'],
  ['a typed tail is never a whole reference', { claim: { reference: '473078' } }, [{ bankOn: day('2026-07-11'), reference: '473078' }], 'ambiguous 1'],
  ['zeros do not make a tail whole', { claim: { reference: '000473078' } }, [{ bankOn: day('2026-07-11'), reference: '473078' }], 'ambiguous 1'],
  ['a whole reference that begins with zeros is whole', { claim: { reference: '000473078' } }, [{ bankOn: day('2026-07-11'), reference: '000473078' }], 'fits 0'],
  ['two days after with a tail is another movement', {}, [{ bankOn: day('2026-07-12') }], 'none'],
  ['two days before with a tail is another movement', {}, [{ bankOn: day('2026-07-08') }], 'none'],
  ['two days after with the whole reference leaves a doubt', {}, [{ bankOn: day('2026-07-12'), reference: WHOLE }], 'ambiguous 1'],
  ['a month before with the whole reference leaves a doubt', {}, [{ bankOn: day('2026-06-10'), reference: WHOLE }], 'ambiguous 1'],
  ['two days after with another amount is another movement', {}, [{ bankOn: day('2026-07-12'), reference: WHOLE, amountMinor: 1n }], 'none'],
  ['the day after with a tail and another amount is another movement', {}, [{ bankOn: day('2026-07-11'), amountMinor: 11_999n }], 'none'],
  ['the day after with the whole reference and another amount differs', {}, [{ bankOn: day('2026-07-11'), reference: WHOLE, amountMinor: 11_999n }], 'differs 1'],
  ['the claimed day beats the day after', {}, [{}, { bankOn: day('2026-07-11') }], 'fits 0'],
  ['the claimed day beats the day before', {}, [{ bankOn: day('2026-07-09') }, {}], 'fits 0'],
  ['the same whole reference on two days is two rows that fit', {}, [{ reference: WHOLE }, { reference: WHOLE, bankOn: day('2026-07-11') }], 'ambiguous 2'],
  ['both neighbours with tails leave two doubts', {}, [{ bankOn: day('2026-07-09') }, { bankOn: day('2026-07-11') }], 'ambiguous 2'],
  ['the last day of a month neighbours the first', { claim: { paidOn: day('2026-07-31') } }, [{ bankOn: day('2026-08-01'), reference: WHOLE }], 'fits 0'],
  ['the last day of a year neighbours the first', { claim: { paidOn: day('2026-12-31') } }, [{ bankOn: day('2027-01-01'), reference: WHOLE }], 'fits 0'],
  ['the leap day neighbours the first of March', { claim: { paidOn: day('2028-02-29') } }, [{ bankOn: day('2028-03-01'), reference: WHOLE }], 'fits 0'],
  ['a row without a time fits', {}, [{ bankTime: null }], 'fits 0'],
  ['a row with a time fits', {}, [{ bankTime: '23:59:59' }], 'fits 0'],
  ['a day of another year is another movement', {}, [{ bankOn: day('2025-07-10') }], 'none'],
]);

// prettier-ignore
examine('matching by account', [
  ['the equal account fits', {}, [{ account: AN_ACCOUNT }], 'fits 0'],
  ['an unknown account fits', {}, [{ account: null }], 'fits 0'],
  ['an empty account says nothing', {}, [{ account: '' }], 'fits 0'],
  ['another account is another movement', {}, [{ account: '01340123450000054321' }], 'none'],
  ['another last digit of the account is another account', {}, [{ account: '01340123456789012346' }], 'none'],
  ['the account without its leading zero fits', {}, [{ account: '1340123456789012345' }], 'fits 0'],
  ['the last ten digits of the account fit', {}, [{ account: '6789012345' }], 'fits 0'],
  ['other last ten digits are another account', {}, [{ account: '6789012346' }], 'none'],
  ['another account with another amount is nothing to review', {}, [{ account: '01340123450000054321', amountMinor: 1n }], 'none'],
  ['another account with the whole reference is another movement', {}, [{ account: '01340123450000054321', reference: WHOLE }], 'none'],
  ['another account beside a fit changes nothing', {}, [{}, { account: '01340123450000054321' }], 'fits 0'],
  ['a row with and a row without the account are two that fit', {}, [{}, { account: AN_ACCOUNT }], 'ambiguous 2'],
]);

// prettier-ignore
examine('matching by payer phone', [
  ['a mask that agrees fits', {}, [{ payerPhoneMask: '5841********5031' }], 'fits 0'],
  ['a mask with another end leaves a doubt', {}, [{ payerPhoneMask: '5841********5032' }], 'ambiguous 1'],
  ['a mask with another beginning leaves a doubt', {}, [{ payerPhoneMask: '5842********5031' }], 'ambiguous 1'],
  ['a national mask that agrees fits', {}, [{ payerPhoneMask: '0412***5031' }], 'fits 0'],
  ['a national mask of another operator leaves a doubt', {}, [{ payerPhoneMask: '0414***5031' }], 'ambiguous 1'],
  ['a whole phone that agrees fits', {}, [{ payerPhoneMask: '584121235031' }], 'fits 0'],
  ['a whole national phone that agrees fits', {}, [{ payerPhoneMask: '04121235031' }], 'fits 0'],
  ['a whole phone without any prefix fits', {}, [{ payerPhoneMask: '4121235031' }], 'fits 0'],
  ['a whole phone that differs leaves a doubt', {}, [{ payerPhoneMask: '584121235032' }], 'ambiguous 1'],
  ['only stars say nothing', {}, [{ payerPhoneMask: '************' }], 'fits 0'],
  ['a mask of another shape says nothing', {}, [{ payerPhoneMask: 'no disponible' }], 'fits 0'],
  ['an unknown phone is not contradicted', { claim: { payerPhone: null } }, [{ payerPhoneMask: '5842********9999' }], 'fits 0'],
  ['a row without a mask fits', {}, [{ payerPhoneMask: null }], 'fits 0'],
  ['an end of two digits that agrees fits', {}, [{ payerPhoneMask: '**********31' }], 'fits 0'],
  ['an end of two digits that differs leaves a doubt', {}, [{ payerPhoneMask: '**********32' }], 'ambiguous 1'],
  ['another phone, another amount and a tail are another movement', {}, [{ payerPhoneMask: '5842********9999', amountMinor: 1n }], 'none'],
  ['another phone on the day after with a tail is another movement', {}, [{ payerPhoneMask: '5842********9999', bankOn: day('2026-07-11') }], 'none'],
  ['another phone with the whole reference leaves a doubt', {}, [{ payerPhoneMask: '5842********9999', reference: WHOLE }], 'ambiguous 1'],
  ['another phone and amount with the whole reference differ', {}, [{ payerPhoneMask: '5842********9999', reference: WHOLE, amountMinor: 1n }], 'differs 1'],
  ['the row whose mask agrees beats the one that contradicts', {}, [{ payerPhoneMask: '5841********5031' }, { payerPhoneMask: '5842********9999' }], 'fits 0'],
  ['two masks that agree are two rows that fit', {}, [{ payerPhoneMask: '5841********5031' }, { payerPhoneMask: '58412*******5031' }], 'ambiguous 2'],
]);

// prettier-ignore
examine('leaving commission rows out', [
  ['the larger of a pair fits', {}, [{}, { amountMinor: 36n }], 'fits 0'],
  ['the smaller within the share is the commission, and the larger differs', { claim: { amountMinor: 36n } }, [{}, { amountMinor: 36n }], 'differs 1'],
  ['the share itself is still a commission', { claim: { amountMinor: 600n } }, [{}, { amountMinor: 600n }], 'differs 1'],
  ['one cent above the share is not sure', { claim: { amountMinor: 601n } }, [{}, { amountMinor: 601n }], 'ambiguous 2'],
  ['one cent below the share is a commission', { claim: { amountMinor: 599n } }, [{}, { amountMinor: 599n }], 'differs 1'],
  ['without a configured share nothing is sure', { claim: { amountMinor: 36n }, rules: { commissionBasisPoints: 0 } }, [{}, { amountMinor: 36n }], 'ambiguous 2'],
  ['without a configured share the larger still fits', { rules: { commissionBasisPoints: 0 } }, [{}, { amountMinor: 36n }], 'fits 0'],
  ['whole references make a pair too', { claim: { amountMinor: 36n } }, [{ reference: WHOLE }, { reference: WHOLE, amountMinor: 36n }], 'differs 1'],
  ['a whole and its zero-stripped form make a pair', { claim: { amountMinor: 36n } }, [{ reference: WHOLE }, { reference: '683473078', amountMinor: 36n }], 'differs 1'],
  ['a whole reference and a tail may be a pair', { claim: { amountMinor: 36n } }, [{ reference: WHOLE }, { reference: '473078', amountMinor: 36n }], 'ambiguous 2'],
  ['a whole reference and a tail beyond the share are no pair', { claim: { amountMinor: 6_000n } }, [{ reference: WHOLE }, { reference: '473078', amountMinor: 6_000n }], 'fits 0'],
  ['a pair lies on one day', { claim: { amountMinor: 36n } }, [{ bankOn: day('2026-07-11') }, { amountMinor: 36n }], 'fits 0'],
  ['a pair lies on one account', { claim: { amountMinor: 36n } }, [{ account: '9999999999' }, { amountMinor: 36n, account: AN_ACCOUNT }], 'fits 0'],
  ['a debit makes no pair with a credit', { claim: { amountMinor: 36n } }, [{ direction: 'debit' }, { amountMinor: 36n }], 'fits 0'],
  ['a larger row of another reference makes no pair', { claim: { amountMinor: 36n } }, [{ reference: '111111' }, { amountMinor: 36n }], 'fits 0'],
  ['a larger row of another currency makes no pair', { claim: { amountMinor: 36n } }, [{ currency: USD }, { amountMinor: 36n }], 'fits 0'],
  ['the commissions of two banks are both left out', {}, [{}, { amountMinor: 36n }, { amountMinor: 180n }], 'fits 0'],
  ['the commission of a payment with another amount is left out', {}, [{ amountMinor: 11_000n }, { amountMinor: 33n }], 'differs 1'],
  ['a commission never hides behind a tolerance', { claim: { amountMinor: 40n }, under: 10n }, [{}, { amountMinor: 36n }], 'differs 1'],
  ['a payment alone is no commission, however small', { claim: { amountMinor: 36n } }, [{ amountMinor: 36n }], 'fits 0'],
  ['a payment, its commission credit and its commission debit fit once', {}, [{}, { amountMinor: 36n }, { amountMinor: 36n, direction: 'debit' }], 'fits 0'],
  ['the smaller of two alike beyond the share leaves a doubt', { claim: { amountMinor: 6_000n } }, [{}, { amountMinor: 6_000n }], 'ambiguous 2'],
]);

// prettier-ignore
examine('refusing to guess', [
  ['no rows prove nothing', {}, [], 'none'],
  ['an identical row twice is one row', {}, [{}, {}], 'fits 0'],
  ['an identical row thrice is one row', {}, [{}, {}, {}], 'fits 0'],
  ['rows that differ only in the free text are one row', {}, [{ concept: 'PAGO' }, { concept: 'PAGO MOVIL ' }], 'fits 0'],
  ['an identical row twice with another amount is one candidate', {}, [{ amountMinor: 5n }, { amountMinor: 5n }], 'differs 1'],
  ['two rows at two times are two that fit', {}, [{ bankTime: '10:00:00' }, { bankTime: '11:00:00' }], 'ambiguous 2'],
  ['a tail and a whole reference are two rows that fit', {}, [{}, { reference: WHOLE }], 'ambiguous 2'],
  ['three that fit are three candidates', {}, [{}, { bankTime: '10:00:00' }, { bankTime: '11:00:00' }], 'ambiguous 3'],
  ['one that fits beats one of another amount', {}, [{}, { amountMinor: 11_999n }], 'fits 0'],
  ['one that fits beats a larger one outside every share', {}, [{ reference: WHOLE }, { amountMinor: 50_000n }], 'fits 0'],
  ['a day in doubt and another amount are shown together', {}, [{ bankOn: day('2026-07-11') }, { amountMinor: 11_999n }], 'ambiguous 2'],
  ['candidates that do not fit are not shown beside those that do', {}, [{ bankTime: '10:00:00' }, { bankTime: '11:00:00' }, { amountMinor: 11_999n }], 'ambiguous 2'],
  ['a day of five hundred others hides nothing', {}, [{}, ...Array.from({ length: 500 }, (_, n) => ({ reference: String(100_000 + n) }))], 'fits 0'],
]);

// prettier-ignore
examine('suspecting a reversal', [
  ['a debit of the same tail and amount', {}, [{}, { direction: 'debit' }], 'reversal_suspected 2'],
  ['a debit of the same whole reference and amount', {}, [{ reference: WHOLE }, { reference: WHOLE, direction: 'debit' }], 'reversal_suspected 2'],
  ['a debit of the same reference on a later day', {}, [{ reference: WHOLE }, { reference: WHOLE, direction: 'debit', bankOn: day('2026-07-13') }], 'reversal_suspected 2'],
  ['not by a debit that is older than the credit', {}, [{ reference: WHOLE }, { reference: WHOLE, direction: 'debit', bankOn: day('2026-07-09') }], 'fits 0'],
  ['not by a debit of another amount', {}, [{}, { direction: 'debit', amountMinor: 11_999n }], 'fits 0'],
  ['not by a debit of another reference', {}, [{}, { direction: 'debit', reference: '473079' }], 'fits 0'],
  ['not by a debit on another account', {}, [{ account: AN_ACCOUNT }, { direction: 'debit', account: '9999999999' }], 'fits 0'],
  ['not by a debit in another currency', {}, [{}, { direction: 'debit', currency: USD }], 'fits 0'],
]);

describe('naming candidates', () => {
  it('names the row that fits', () => {
    const verdict = judge({}, [{ amountMinor: 11_999n }, { reference: WHOLE }]);

    expect(verdict).toEqual({
      verdict: 'fits',
      movement: aMovement({ reference: WHOLE }),
      differenceMinor: 0n,
    });
  });

  it('names the credit before the debit that takes it back', () => {
    const verdict = judge({}, [{ direction: 'debit' }, {}]);

    expect(verdict).toEqual({
      verdict: 'reversal_suspected',
      candidates: [aMovement(), aMovement({ direction: 'debit' })],
    });
  });

  it('orders candidates by their content, not by the answer', () => {
    const rows = [{ bankTime: '10:00:00' }, { bankTime: '11:00:00' }, { bankTime: '12:00:00' }];

    expect(judge({}, rows.toReversed())).toEqual(judge({}, rows));
  });
});
