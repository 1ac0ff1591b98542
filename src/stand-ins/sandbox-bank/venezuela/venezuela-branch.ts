import type { Answer } from '../answer.js';
import type { BankClock } from '../bank-clock.js';
import type { BankRules, Flavour, VenezuelaOptions } from '../bank-options.js';
import { CallWindow } from '../call-window.js';
import { FaultOrders } from '../fault-orders.js';
import type { Ledger } from '../ledger.js';
import type { LedgerMovement } from '../movement.js';
import type { Scenario, ScenarioSettings } from '../scenario.js';
import { scenarioNamed, scenarioOfReference } from '../scenarios.js';
import { Sightings, spoils } from '../sightings.js';
import {
  badField,
  done,
  nationalPhone,
  nothing,
  type Numbered,
  otherAmount,
  page,
  reconciledBefore,
} from './venezuela-answers.js';
import { VENEZUELA_BANK } from './venezuela-options.js';
import type { LookUpQuery, StatementQuery } from './venezuela-query.js';
import { VENEZUELA_SCENARIOS } from './venezuela-scenarios.js';

/** A full page of the statement; a shorter one is the last. */
const PAGE_ROWS = 100;

/** Where credits land when a magic reference names no account. */
const ANY_ACCOUNT = `${VENEZUELA_BANK}0000000000000000`;

interface Surroundings {
  readonly ledger: Ledger;
  readonly clock: BankClock;
  readonly rules: BankRules;
  readonly flavour: Flavour;
  /** The accounts of the affiliate, at any bank; empty means any. */
  readonly accounts: readonly string[];
  readonly onMagic: (movement: LedgerMovement) => void;
  /** Called when a movement is marked; the mark is on disk when it returns. */
  readonly onReconciled: (movementId: string) => void;
}

/** What was answered, and what spoilt it. */
export interface BranchAnswer {
  readonly answer: Answer;
  readonly spoiltBy: Scenario | null;
}

/**
 * Banco de Venezuela, as far as a client meets it: a look-up that marks the payment as reconciled the moment it
 * answers, whether the answer arrives or not, and a statement in pages.
 */
export class VenezuelaBranch {
  readonly window: CallWindow;
  readonly faults = new FaultOrders(VENEZUELA_SCENARIOS);
  private readonly sightings: Sightings;
  private readonly reconciled = new Set<string>();

  constructor(
    readonly options: VenezuelaOptions,
    private readonly around: Surroundings,
  ) {
    this.window = new CallWindow(options.limit);
    this.sightings = new Sightings(around.clock);
  }

  /** `injected` is a scenario that an admin call ordered for this answer. */
  lookUp(query: LookUpQuery, injected: Scenario | null): BranchAnswer {
    if (query.receivingPhone !== this.options.receivingPhone) {
      return { answer: nothing(), spoiltBy: null };
    }
    this.conjure(query);
    const asked = this.around.ledger.at(VENEZUELA_BANK).find((one) => isAbout(one, query));
    if (asked === undefined) return this.spoilt(nothing(), injected);
    const seen = this.sightings.see(asked);
    const scenario = injected ?? ownScenario(asked);
    const isSpoilt = injected !== null || spoils(scenario, seen);
    if (isSpoilt && scenario?.turnsAway === true) return this.spoilt(nothing(), scenario);
    const [payment] = this.shown(asked, scenario, seen).filter(
      ({ direction }) => direction === 'credit',
    );
    const regular = payment === undefined ? nothing() : this.reported(payment, query);
    return this.spoilt(regular, isSpoilt ? scenario : null);
  }

  statement(query: StatementQuery, injected: Scenario | null): BranchAnswer {
    const { ledger, accounts } = this.around;
    if (accounts.length > 0 && !accounts.includes(query.account)) {
      return { answer: badField('cuenta'), spoiltBy: null };
    }
    const rows = ledger
      .at(VENEZUELA_BANK)
      .filter(({ account, on }) => account === query.account && on >= query.from && on <= query.to)
      .flatMap((one) => this.shown(one, injected ?? ownScenario(one), this.sightings.see(one)))
      .map((movement, at): Numbered => ({ movement, number: String(at + 1) }));
    const from = rows.findIndex(({ number }) => number === query.cursor) + 1;
    return this.spoilt(page(rows.slice(from, from + PAGE_ROWS)), injected);
  }

  /** Takes a mark over from an earlier run. */
  remember(movementId: string): void {
    this.reconciled.add(movementId);
  }

  /** Forgets marks, orders, arrivals and how often movements were asked about. */
  clear(): void {
    this.reconciled.clear();
    this.sightings.clear();
    this.faults.clear();
    this.window.clear();
  }

  /** The amount is compared before the mark is set: a look-up with another one has no effect. */
  private reported(payment: LedgerMovement, query: LookUpQuery): Answer {
    if (this.reconciled.has(payment.id)) return reconciledBefore();
    if (payment.amountMinor !== query.amountMinor) return otherAmount(payment);
    this.reconciled.add(payment.id);
    this.around.onReconciled(payment.id);
    return done(payment);
  }

  private shown(
    movement: LedgerMovement,
    scenario: Scenario | null,
    seen: Parameters<typeof spoils>[1],
  ): readonly LedgerMovement[] {
    const { visibleAt } = movement;
    if (visibleAt === null || visibleAt > this.around.clock.now().getTime()) return [];
    return scenario?.rows?.(movement, seen, this.settings) ?? [movement];
  }

  private spoilt(regular: Answer, scenario: Scenario | null): BranchAnswer {
    return { answer: scenario?.answer?.(regular, this.settings) ?? regular, spoiltBy: scenario };
  }

  private get settings(): ScenarioSettings {
    const { flavour, rules, clock } = this.around;
    return { flavour, rules, now: clock.now() };
  }

  /** A magic reference brings its own movement into the ledger, with the amount that was asked. */
  private conjure(query: LookUpQuery): void {
    const { rules, ledger, accounts, onMagic } = this.around;
    if (!rules.magicReferences) return;
    const scenario = scenarioOfReference(query.reference, VENEZUELA_SCENARIOS);
    if (scenario === null) return;
    if (ledger.at(VENEZUELA_BANK).some((one) => isAbout(one, query))) return;
    const movement: LedgerMovement = {
      id: `magic-${VENEZUELA_BANK}-${query.payerPhone}-${query.reference}-${query.on}`,
      account: accounts.find((one) => one.startsWith(VENEZUELA_BANK)) ?? ANY_ACCOUNT,
      kind: 'pago_movil',
      direction: 'credit',
      amountMinor: query.amountMinor,
      currency: 'VES',
      reference: query.reference,
      on: query.on,
      time: null,
      payerPhone: `+58${query.payerPhone.slice(1)}`,
      payerBank: query.payerBank,
      concept: 'Sandbox',
      visibleAt: 0,
      spelling: 'full',
      amountAs: 'string',
      scenario: scenario.name,
    };
    ledger.add([movement]);
    onMagic(movement);
  }
}

const ownScenario = ({ scenario }: LedgerMovement): Scenario | null =>
  scenario === null ? null : scenarioNamed(scenario, VENEZUELA_SCENARIOS);

const isAbout = (movement: LedgerMovement, query: LookUpQuery): boolean =>
  movement.kind === 'pago_movil' &&
  movement.reference === query.reference &&
  movement.on === query.on &&
  movement.payerBank === query.payerBank &&
  nationalPhone(movement.payerPhone) === query.payerPhone;
