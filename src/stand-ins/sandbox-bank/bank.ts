import { randomUUID } from 'node:crypto';
import { SystemClock } from '../../kernel/clock.js';
import { type LocalDate, localDateAt } from '../../kernel/local-date.js';
import { BankClock } from './bank-clock.js';
import { type BankRules, DEFAULT_RULES, type SandboxBankOptions } from './bank-options.js';
import { CallLog } from './call-log.js';
import { CallWindow } from './call-window.js';
import { FaultOrders } from './fault-orders.js';
import { type Call, Journal, type JournalEntry } from './journal.js';
import { Ledger } from './ledger.js';
import { type LedgerMovement, movementRow, readMovement, readMovementLines } from './movement.js';
import { MovementsEndpoint } from './movements-endpoint.js';
import { TokenEndpoint, Tokens } from './token-endpoint.js';
import { VenezuelaBranch } from './venezuela/venezuela-branch.js';
import { isVenezuelan } from './venezuela/venezuela-options.js';

/** Everything the bank knows and remembers, without a word of HTTP. */
export class Bank {
  readonly rules: BankRules;
  readonly clock: BankClock;
  readonly ledger = new Ledger();
  readonly calls = new CallLog();
  readonly faults = new FaultOrders();
  readonly window: CallWindow;
  readonly tokens: Tokens;
  readonly tokenEndpoint: TokenEndpoint;
  readonly movementsEndpoint: MovementsEndpoint;
  /** Null where the second bank was not asked for. */
  readonly venezuela: VenezuelaBranch | null;
  private readonly journal: Journal;
  private anchorOn: LocalDate | null = null;

  constructor(readonly options: SandboxBankOptions) {
    this.rules = { ...DEFAULT_RULES, ...options.rules };
    this.clock = new BankClock(options.clock ?? new SystemClock());
    this.window = new CallWindow(options.limit);
    this.tokens = new Tokens(this.clock, this.rules.tokenSeconds);
    this.tokenEndpoint = new TokenEndpoint(this.tokens, options);
    this.movementsEndpoint = new MovementsEndpoint(
      this.ledger,
      this.clock,
      { flavour: options.flavour, rules: this.rules, accounts: options.accounts },
      (movement) => this.keep(movement),
    );
    this.venezuela = this.branch();
    const { journal, entries } = Journal.open(options.directory);
    this.journal = journal;
    entries.forEach((entry) => this.remember(entry));
  }

  /** Adds movements, and answers those that were not known; they are on disk when this returns. */
  add(movements: readonly LedgerMovement[]): LedgerMovement[] {
    const added = this.ledger.add(movements);
    this.journal.append(
      added.map((movement) => ({ movement: movementRow(movement) })),
      { sync: true },
    );
    return added;
  }

  /** @throws Error naming the wrong fields */
  addRows(rows: readonly unknown[]): LedgerMovement[] {
    return this.add(rows.map((row) => readMovement(row, this.clock.now(), randomUUID())));
  }

  /**
   * Loads a file of movements. The day of the first load is remembered: dates relative to it stay
   * where they were when the same file is loaded at a later start.
   * @throws Error naming the line
   */
  load(lines: string): LedgerMovement[] {
    if (this.anchorOn === null) {
      this.anchorOn = localDateAt(this.clock.now());
      this.journal.append([{ anchor_on: this.anchorOn }], { sync: true });
    }
    return this.add(readMovementLines(lines, this.clock.now()));
  }

  record(call: Call): void {
    this.calls.record(call);
    this.journal.append([{ call }], { sync: false });
  }

  /** Sets the clock; the limit keeps counting by the machine's. */
  setClock(move: { readonly to: Date } | { readonly byMs: number }): void {
    if ('to' in move) this.clock.moveTo(move.to);
    else this.clock.moveBy(move.byMs);
    this.journal.append([{ clock_offset_ms: this.clock.offset }], { sync: true });
  }

  /** Forgets everything: movements, calls, faults, tokens, the clock's offset. */
  reset(): void {
    this.ledger.clear();
    this.calls.clear();
    this.faults.clear();
    this.window.clear();
    this.tokens.revokeAll();
    this.movementsEndpoint.clear();
    this.venezuela?.clear();
    this.clock.moveBy(-this.clock.offset);
    this.anchorOn = null;
    this.journal.clear();
  }

  state(): Readonly<Record<string, unknown>> {
    return {
      flavour: this.options.flavour,
      now: this.clock.now().toISOString(),
      today: localDateAt(this.clock.now()),
      anchor_on: this.anchorOn,
      limit: {
        calls: this.options.limit.calls,
        window_ms: this.options.limit.windowMs,
        count_token_calls: this.options.limit.countTokenCalls,
      },
      movements: this.ledger.all().length,
      faults: this.orders(),
      ...this.calls.summary(),
    };
  }

  close(): void {
    this.journal.close();
  }

  /** The faults that wait for their call, at either bank. */
  orders(): readonly { scenario: string; operation: string | null; calls: number }[] {
    return [...this.faults.list(), ...(this.venezuela?.faults.list() ?? [])];
  }

  private branch(): VenezuelaBranch | null {
    const { venezuela, flavour, accounts } = this.options;
    if (venezuela === undefined) return null;
    return new VenezuelaBranch(venezuela, {
      ledger: this.ledger,
      clock: this.clock,
      rules: this.rules,
      flavour,
      accounts,
      onMagic: (movement) => this.keep(movement),
      onReconciled: (id) => this.journal.append([{ reconciled: id }], { sync: true }),
    });
  }

  private keep(movement: LedgerMovement): void {
    this.journal.append([{ movement: movementRow(movement) }], { sync: true });
  }

  private remember(entry: JournalEntry): void {
    if ('movement' in entry) {
      this.ledger.add([readMovement(entry.movement, this.clock.now(), randomUUID())]);
    } else if ('call' in entry) {
      this.calls.record(entry.call);
      this.countAgain(entry.call);
    } else if ('reconciled' in entry) {
      this.venezuela?.remember(entry.reconciled);
    } else if ('anchor_on' in entry) {
      this.anchorOn = entry.anchor_on as LocalDate;
    } else {
      this.clock.moveBy(entry.clock_offset_ms - this.clock.offset);
    }
  }

  /** A restart of the bank gives nobody a fresh window. */
  private countAgain({ at, operation }: Call): void {
    if (operation === 'token' && !this.options.limit.countTokenCalls) return;
    const window = isVenezuelan(operation) ? this.venezuela?.window : this.window;
    const machineNow = this.clock.now().getTime() - this.clock.offset;
    window?.arrive(this.clock.monotonicMs() - Math.max(0, machineNow - Date.parse(at)));
  }
}
