import type { LocalDate } from '../../src/kernel/local-date.js';
import { matchMovement } from '../../src/matching/match-movement.js';
import type { AskResult } from '../../src/matching/bank-answer.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';
import type { Flavour } from '../../src/stand-ins/sandbox-bank/bank-options.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { VENEZUELA_SCENARIOS } from '../../src/stand-ins/sandbox-bank/venezuela/venezuela-scenarios.js';
import { afterAnswer, type Step } from '../../src/verification/domain/verification.process.js';
import { GatewayUnderTest } from '../support/gateway-under-test.js';
import type { SandboxClient } from '../support/sandbox-client.js';
import { TestClock } from '../support/test-clock.js';
import {
  aVenezuelanClaim,
  startVenezuela,
  VENEZUELA_CREDENTIAL as CREDENTIAL,
  venezuelaVariables,
} from '../support/venezuela-sandbox.js';

const ASKED_AT = new Date('2026-07-10T15:00:00.000Z');
const VISIBLE_BY = '2026-07-10T15:10:00.000Z';
/** Two asks before the deadline of the claim, one behind it. */
const ASKS = 3;
const PAUSE_MS = 6 * 60_000;

const LOST = 'pending, needs_review: unsupported_evidence';
/** A failure says nothing; what cannot be understood is never a no, not even behind the deadline. */
const NEVER_UNDERSTOOD = 'pending, pending, pending';

/** What the service makes of each fault of the second bank: the standing after each ask. */
const ENDINGS: Readonly<Record<string, string>> = {
  plain: 'verified',
  'late-credit': 'pending, verified',
  'never-visible': 'pending, pending, expired',
  'amount-one-cent-less': 'needs_review: amount_differs',
  'amount-one-cent-more': 'needs_review: amount_differs',
  'commission-twin-debit': 'verified',
  'debit-only': 'pending, pending, expired',
  reversal: 'verified',
  'rate-limited': 'pending, verified',
  'rate-limited-silent': 'pending, verified',
  unavailable: LOST,
  'internal-error': LOST,
  'gateway-timeout': LOST,
  'reset-after-send': LOST,
  'half-answer': LOST,
  'slow-answer': LOST,
  trickle: LOST,
  html: LOST,
  'malformed-json': LOST,
  'wrong-content-type': 'verified',
  'empty-body': LOST,
  'huge-body': LOST,
  'already-reconciled': 'needs_review: unsupported_evidence',
  'key-refused': 'closed',
  'unknown-wording': NEVER_UNDERSTOOD,
  'unknown-code': NEVER_UNDERSTOOD,
  'success-without-amount': NEVER_UNDERSTOOD,
  'contradictory-amount': NEVER_UNDERSTOOD,
};

const told = (steps: readonly Step[]): string => {
  const [step] = steps;
  if (step === undefined) return 'pending';
  if (step.do === 'propose') return 'verified';
  return step.do === 'flag' ? `needs_review: ${step.reason}` : 'expired';
};

/** Matching and the verification process, on what the gateway heard. */
function conclude({ answer }: AskResult, claim: PaymentClaim, at: Date): readonly Step[] {
  const match =
    answer.outcome === 'found'
      ? matchMovement({
          claim,
          rows: answer.movements,
          tolerance: { underMinor: 0n, overMinor: 0n },
          rules: { referenceDigits: 6, commissionBasisPoints: 150 },
        })
      : null;
  const known = {
    standing: 'pending' as const,
    lastProposed: null,
    claim: { paidOn: claim.paidOn, visibleBy: VISIBLE_BY },
  };
  return afterAnswer(known, { answer, match, askedOn: claim.paidOn, at });
}

describe.each<Flavour>(['qa', 'production'])(
  'giving a verdict on every fault of the second bank, %s',
  (flavour) => {
    let bank: SandboxBank;
    let client: SandboxClient;

    beforeAll(async () => {
      ({ bank, client } = await startVenezuela({
        flavour,
        rules: { magicReferences: true, slowAnswerMs: 5_000 },
      }));
    });

    afterAll(() => bank.stop());

    const endingOf = async (name: string): Promise<string> => {
      const number = VENEZUELA_SCENARIOS.find((one) => one.name === name)?.number ?? 0;
      const reference = `0099${String(number).padStart(2, '0')}07`;
      const claim = aVenezuelanClaim({ reference, paidOn: '2026-07-10' as LocalDate });
      const clock = new TestClock(ASKED_AT);
      const gateway = new GatewayUnderTest(bank, { variables: venezuelaVariables(bank), clock });
      const standings: string[] = [];
      while (standings.length < ASKS && (standings.at(-1) ?? 'pending') === 'pending') {
        const result = await gateway.lookUp(claim, { credentialId: CREDENTIAL });
        const isClosed = (await gateway.closures.find(CREDENTIAL)) !== null;
        standings.push(isClosed ? 'closed' : told(conclude(result, claim, clock.now())));
        // What the bank delays and what it forbids for a while are over by then.
        await client.admin('POST', 'clock', { advance_seconds: 10 });
        clock.advance(PAUSE_MS);
      }
      gateway.stop();
      return standings.join(', ');
    };

    it('has one for each in the catalogue, and for no other', () => {
      expect(Object.keys(ENDINGS).sort()).toEqual(
        VENEZUELA_SCENARIOS.map(({ name }) => name).sort(),
      );
    });

    it.each(Object.entries(ENDINGS))('%s: %s', async (name, expected) => {
      expect(await endingOf(name)).toBe(expected);
    });
  },
);
