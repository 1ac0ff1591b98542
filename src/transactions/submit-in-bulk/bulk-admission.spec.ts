import { setImmediate as nextTurn } from 'node:timers/promises';
import { aSubmission, KnownMerchants, KnownTerms } from '../../../test/support/a-submission.js';
import { SUBMITTED_AT } from '../../../test/support/a-transaction.js';
import { InMemoryVault } from '../../../test/support/in-memory-vault.js';
import { TestClock } from '../../../test/support/test-clock.js';
import { RuleViolation } from '../../kernel/rejection.js';
import { ProblemError } from '../../platform/http/problem.js';
import { ClaimAdmission } from '../submit-transaction/claim-admission.js';
import { BulkAdmission } from './bulk-admission.js';

const { merchantId, mode, receivingAccountId } = aSubmission();

const terms = {
  leastReferenceDigits: 6,
  payerFields: ['phone'],
  visibleBy: (_: string, from: Date) => from,
} as const;

const prepare = (bodies: readonly unknown[]) => {
  const clock = new TestClock(new Date(SUBMITTED_AT));
  const vault = new InMemoryVault();
  const admission = new ClaimAdmission(new KnownMerchants(), new KnownTerms(terms), vault, clock);
  return new BulkAdmission(admission, clock).prepare(bodies, { merchantId, mode });
};

const aBody = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  external_id: 'order-1',
  kind: 'pago_movil',
  receiving_account_id: receivingAccountId,
  origin_bank: '0102',
  reference: '30000001',
  amount: 12_050,
  currency: 'VES',
  paid_on: SUBMITTED_AT.slice(0, 10),
  payer: { phone: '0412-1234567', document: 'V-12345678', name: 'Ana' },
  ...over,
});

describe('preparing the claims of a bulk', () => {
  it('admits each by itself, in their order, however many they are', async () => {
    const references = Array.from({ length: 300 }, (_, at) => String(30_000_000 + at));
    const prepared = await prepare(references.map((reference) => aBody({ reference })));

    expect(prepared.map((claim) => !claim.refused && claim.submission.reference)).toEqual(
      references,
    );
    const keys = prepared.map((claim) => !claim.refused && claim.admitted.payer.sealed?.keyId);
    expect(new Set(keys).size).toBe(references.length);
  });

  it('refuses what cannot be read and what no bank could be asked about, and nothing beside', async () => {
    const prepared = await prepare([aBody(), 'no claim', aBody({ reference: '3001' }), aBody()]);

    expect(prepared.map(({ refused }) => refused)).toEqual([false, true, true, false]);
    const reasons = prepared.map((claim) => (claim.refused ? claim.reason : null));
    expect(reasons[1]).toBeInstanceOf(ProblemError);
    expect(reasons[2]).toBeInstanceOf(RuleViolation);
  });

  it('lets other callers have their turn before a large one is through', async () => {
    let through = false;
    const large = prepare(Array.from({ length: 500 }, () => aBody())).then(() => (through = true));
    await nextTurn();

    expect(through).toBe(false);
    await large;
  });
});
