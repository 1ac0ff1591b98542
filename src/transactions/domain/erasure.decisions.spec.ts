import {
  happened,
  MATCHED_FOR_MINUTES,
  minutesLater,
} from '../../../test/support/a-transaction.js';
import { given } from '../../../test/support/given.js';
import { erase } from './erasure.decisions.js';

const payer = {
  phoneMask: '*******67',
  documentMask: null,
  nameMask: null,
  sealed: { keyId: 'a key', box: 'a box' },
};
const corrected = { ...payer, sealed: { keyId: 'another key', box: 'a box' } };
const submitted = happened.submitted({ payer });
const command = { erasedBy: 'user:1', reason: 'the payer asked for it' };
const now = minutesLater(60);
const erasing =
  (at = now) =>
  (state: Parameters<typeof erase>[0]) =>
    erase(state, command, at);

describe('erasing personal data', () => {
  it('names the key of an ended claim, who wanted it, and why', () => {
    given(submitted, happened.corrected({ payer: corrected }), happened.cancelled())
      .when(erasing())
      .thenEvents({
        type: 'PersonalDataErased.v1',
        data: { ...command, keyIds: ['a key', 'another key'], erasedAt: now.toISOString() },
      });
  });

  it.each([
    ['once it is erased', [submitted, happened.cancelled(), happened.personalDataErased()]],
    ['when there was nothing', [happened.submitted(), happened.cancelled()]],
  ])('changes nothing %s', (_, history) => {
    given(...history)
      .when(erasing())
      .thenNothing();
  });

  it.each([
    ['pending', [submitted]],
    ['in review', [submitted, happened.flagged()]],
    ['expired and still matched', [submitted, happened.expired()]],
  ])('refuses while the claim is %s', (_, history) => {
    given(...history)
      .when(erasing())
      .thenRejected('claim_still_open');
  });

  it('takes an expired claim once it is matched no more', () => {
    given(submitted, happened.expired())
      .when(erasing(minutesLater(MATCHED_FOR_MINUTES + 1)))
      .thenMatches({ type: 'PersonalDataErased.v1' });
  });
});
