import { localDateAt } from '../../kernel/local-date.js';
import { type Answer, coded, found } from './answer.js';
import type { BankClock } from './bank-clock.js';
import type { BankRules, Flavour } from './bank-options.js';
import type { Ledger } from './ledger.js';
import type { LedgerMovement } from './movement.js';
import type { Query } from './query.js';
import type { Scenario, ScenarioSettings, Seen } from './scenario.js';
import { scenarioNamed, scenarioOfReference } from './scenarios.js';
import { Sightings, spoils } from './sightings.js';
import { transactionDetail } from './transaction-detail.js';

/** An answer to a query, and what spoilt it. */
export interface QueryAnswer {
  readonly answer: Answer;
  readonly spoiltBy: Scenario | null;
}

/** Where the affiliate's credits land when a magic reference names no account. */
const ANY_ACCOUNT = '01340000000000000000';

/** The bank's confirmation of transactions: looks into the ledger and says what the bank would say. */
export class MovementsEndpoint {
  private readonly sightings: Sightings;

  constructor(
    private readonly ledger: Ledger,
    private readonly clock: BankClock,
    private readonly bank: {
      readonly flavour: Flavour;
      readonly rules: BankRules;
      readonly accounts: readonly string[];
    },
    private readonly onMagic: (movement: LedgerMovement) => void,
  ) {
    this.sightings = new Sightings(clock);
  }

  get settings(): ScenarioSettings {
    return { flavour: this.bank.flavour, rules: this.bank.rules, now: this.clock.now() };
  }

  /** `injected` is a scenario that an admin call ordered for this answer. */
  answer(query: Query, injected: Scenario | null): QueryAnswer {
    if (!this.isOurs(query.account)) return { answer: this.nothing(), spoiltBy: null };
    this.conjure(query);
    const asked = this.ledger.about(query).map((movement) => ({
      movement,
      seen: this.sightings.see(movement),
      scenario: movement.scenario === null ? null : scenarioNamed(movement.scenario),
    }));
    const rows = asked
      .filter(({ movement }) => this.isVisible(movement))
      .flatMap((one) => this.spelt(one.movement, one.seen, injected ?? one.scenario));
    const regular = this.regular(query, rows);
    const spoiltBy =
      injected ??
      (query.operation === 'range'
        ? null
        : (asked.find(({ scenario, seen }) => spoils(scenario, seen))?.scenario ?? null));
    return { answer: spoiltBy?.answer?.(regular, this.settings) ?? regular, spoiltBy };
  }

  /** Forgets how often movements were asked about. */
  clear(): void {
    this.sightings.clear();
  }

  private regular(query: Query, rows: readonly unknown[]): Answer {
    const { flavour, rules } = this.bank;
    if (rows.length === 0) return this.nothing();
    if (query.operation === 'range' && rows.length > rules.listingMaxRows) {
      return coded('70005', flavour);
    }
    return found(rows, flavour);
  }

  private nothing(): Answer {
    return coded('70001', this.bank.flavour);
  }

  private isOurs(account: string | null): boolean {
    const { accounts } = this.bank;
    return account === null || accounts.length === 0 || accounts.includes(account);
  }

  private isVisible({ visibleAt }: LedgerMovement): boolean {
    return visibleAt !== null && visibleAt <= this.clock.now().getTime();
  }

  private spelt(movement: LedgerMovement, seen: Seen, scenario: Scenario | null): unknown[] {
    const shown = scenario?.rows?.(movement, seen, this.settings) ?? [movement];
    return shown.map((one) => {
      const detail = transactionDetail(one);
      return scenario?.spell?.(detail) ?? detail;
    });
  }

  /** A magic reference brings its own movement into the ledger, with the amount that was asked. */
  private conjure(query: Query): void {
    if (!this.bank.rules.magicReferences || query.operation === 'range') return;
    const scenario = scenarioOfReference(query.reference);
    if (scenario === null || this.ledger.about(query).length > 0) return;
    const movement: LedgerMovement = {
      id: `magic-${JSON.stringify({ ...query, amountMinor: 0 })}`,
      account: query.account ?? this.bank.accounts[0] ?? ANY_ACCOUNT,
      kind: query.operation === 'pago_movil' ? 'pago_movil' : 'transfer',
      direction: 'credit',
      amountMinor: query.amountMinor > 0n ? query.amountMinor : 10_000n,
      currency: 'VES',
      reference: query.reference,
      on: query.on ?? localDateAt(this.clock.now()),
      time: null,
      payerPhone: query.operation === 'pago_movil' ? `+${query.phone}` : null,
      payerBank: query.bank,
      concept: 'Sandbox',
      visibleAt: 0,
      // Only the tail of it was asked, so only the tail is known.
      spelling: query.operation === 'transfer_same_bank' ? 'full' : 'tail6',
      amountAs: 'number',
      scenario: scenario.name,
    };
    this.ledger.add([movement]);
    this.onMagic(movement);
  }
}
