import { uuidFrom } from '../../src/kernel/ids.js';
import { SCENARIOS } from '../../src/stand-ins/sandbox-bank/scenarios.js';
import type { TransactionSubmitted } from '../../src/transactions/events/transaction-submitted.event.js';
import { aClaim } from '../support/a-transaction.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { accountsFor } from './merchants.js';
import { QuietWorld } from './quiet-world.js';

const HOUR_MS = 3_600_000;
const STARTS_AT = new Date('2026-03-10T14:00:00.000Z');
const LATER = (hours: number): string =>
  new Date(STARTS_AT.getTime() + hours * HOUR_MS).toISOString();

/** How one claim ended: its status, and why a person must look. */
export interface Ending {
  readonly status: string;
  readonly reason: string | null;
  /** How often the bank was asked. */
  readonly asks: number;
}

/**
 * A claim whose reference brings a fault about, from submission until it is settled or eight hours are over. Faults of
 * the token endpoint meet the first call for a token. `head` stands before the six digits that the bank compares.
 */
export async function endingOf(
  scenario: string,
  flavour: 'qa' | 'production',
  head = '00000',
): Promise<Ending> {
  const found = SCENARIOS.find(({ name }) => name === scenario);
  if (found === undefined) throw new Error(`no scenario is called ${scenario}`);
  const accounts = accountsFor(1, 1);
  const [{ receivingAccountId }] = accounts;
  const vault = new InMemoryVault();
  const sealed = await vault.seal({
    phone: '+584125550131',
    document: null,
    name: null,
    concept: null,
    metadata: null,
  });
  const claim: TransactionSubmitted = aClaim({
    transactionId: uuidFrom('one claim', scenario),
    receivingAccountId,
    originBank: '0102',
    reference: `${head}99${String(found.tokenOnly === true ? 0 : found.number).padStart(2, '0')}07`,
    payer: { phoneMask: null, documentMask: null, nameMask: null, sealed },
    submittedAt: STARTS_AT.toISOString(),
    visibleBy: LATER(6),
    matchUntil: LATER(30),
  });
  const world = new QuietWorld(
    { cases: [{ claim, atMs: 0, visibleAtMs: null }], credits: [], accounts },
    {
      startsAt: STARTS_AT,
      bank: {
        flavour,
        listing: false,
        listingMaxRows: 500,
        calls: 2,
        windowMs: 60_000,
        tokenCallsCount: true,
        maintenance: null,
      },
      magicReferences: true,
      vault,
      patienceMs: 8 * HOUR_MS,
      ...(found.tokenOnly === true ? { tokenFault: scenario } : {}),
    },
  );
  await world.run();
  const transaction = world.transaction(claim.transactionId);
  return {
    status: transaction?.status ?? 'lost',
    reason: transaction?.reviewReason ?? null,
    asks: transaction?.asks.started ?? 0,
  };
}
