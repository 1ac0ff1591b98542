import { tailOf, withoutZeros } from './digits.js';
import type { LedgerMovement } from './movement.js';
import { OWN_BANK, type Query } from './query.js';
import { scenarioNamed, SCENARIOS } from './scenarios.js';
import { VENEZUELA_BANK } from './venezuela/venezuela-options.js';
import { VENEZUELA_SCENARIOS } from './venezuela/venezuela-scenarios.js';

/** The bank's true movements, seen or not yet. */
export class Ledger {
  private readonly byId = new Map<string, LedgerMovement>();

  /**
   * Adds those that are not known yet, by id, and answers them.
   * @throws Error for a scenario that does not exist
   */
  add(movements: readonly LedgerMovement[]): LedgerMovement[] {
    // All of them first, so that a bad one leaves nothing half added.
    for (const { scenario, account } of movements) {
      if (scenario !== null) scenarioNamed(scenario, catalogueOf(account));
    }
    const added: LedgerMovement[] = [];
    for (const movement of movements) {
      if (this.byId.has(movement.id)) continue;
      this.byId.set(movement.id, movement);
      added.push(movement);
    }
    return added;
  }

  all(): LedgerMovement[] {
    return [...this.byId.values()];
  }

  /** The movements on the accounts of one bank, in the order of its books. */
  at(bank: string): LedgerMovement[] {
    return this.all()
      .filter(({ account }) => account.startsWith(bank))
      .sort((a, b) => a.on.localeCompare(b.on));
  }

  clear(): void {
    this.byId.clear();
  }

  /** Every movement that the query to the first bank is about, visible or not, in the order of its books. */
  about(query: Query): LedgerMovement[] {
    return this.at(OWN_BANK).filter((movement) => isAbout(movement, query));
  }
}

const catalogueOf = (account: string) =>
  account.startsWith(VENEZUELA_BANK) ? VENEZUELA_SCENARIOS : SCENARIOS;

function isAbout(movement: LedgerMovement, query: Query): boolean {
  if (query.account !== null && movement.account !== query.account) return false;
  if (query.operation === 'range') return movement.on >= query.from && movement.on <= query.to;
  if (query.on !== null && movement.on !== query.on) return false;
  return movement.payerBank === query.bank && fitsModality(movement, query);
}

function fitsModality(
  movement: LedgerMovement,
  query: Exclude<Query, { operation: 'range' }>,
): boolean {
  if (query.operation === 'pago_movil') {
    return isPagoMovilFrom(movement, query.phone) && sameTail(movement, query);
  }
  const same = query.operation === 'transfer_same_bank' ? sameNumber : sameTail;
  return movement.kind === 'transfer' && same(movement, query);
}

const isPagoMovilFrom = (movement: LedgerMovement, phone: string): boolean =>
  movement.kind === 'pago_movil' && movement.payerPhone === `+${phone}`;

const sameTail = (a: { reference: string }, b: { reference: string }): boolean =>
  tailOf(a.reference) === tailOf(b.reference);

const sameNumber = (a: { reference: string }, b: { reference: string }): boolean =>
  withoutZeros(a.reference) === withoutZeros(b.reference);
