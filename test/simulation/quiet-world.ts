import { Logger } from '@nestjs/common';
import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { uuidFrom } from '../../src/kernel/ids.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import type { PersonalDataVault } from '../../src/platform/personal-data/personal-data.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { Bank } from '../../src/stand-ins/sandbox-bank/bank.js';
import { Desk } from '../../src/stand-ins/sandbox-bank/desk.js';
import { transactionEvents } from '../../src/transactions/events/transaction.event.js';
import { slotEvents } from '../../src/verification/bind-movement/slot.event.js';
import type { SweepAnswered } from '../../src/verification/record-sweep/sweep-answered.event.js';
import { sweepEvents } from '../../src/verification/record-sweep/sweep.event.js';
import { scheduleOf, VerificationConfig } from '../../src/verification/verification.config.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { Dice } from './dice.js';
import { EstimateRecord } from './estimate-record.js';
import { Fleet } from './fleet.js';
import { WorldLog } from './follower.js';
import { Judge } from './judge.js';
import { SimulatedMerchants } from './merchants.js';
import type { Life } from './mortal.js';
import { SimulatedLog } from './simulated-log.js';
import { SimulatedProcess, type Surroundings } from './simulated-process.js';
import { SimulatedWire } from './simulated-wire.js';
import { ProcessClock, VirtualTime } from './virtual-time.js';
import { bankOptions, bankSetup } from './world-settings.js';
import { InMemoryDueWork } from '../support/in-memory-due-work.js';
import { InMemoryGatewayClosures } from '../support/in-memory-gateway-closures.js';
import { InMemoryPermitLog } from '../support/in-memory-permit-log.js';
import { SpeakingRights } from '../support/in-memory-speakers.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { RIG_METADATA } from '../support/rig-surroundings.js';
import type { LedgerMovement } from '../../src/stand-ins/sandbox-bank/movement.js';
import type { TransactionExpired } from '../../src/transactions/events/transaction-expired.event.js';
import type { TransactionSubmitted } from '../../src/transactions/events/transaction-submitted.event.js';
import type { SubmittedTransaction } from '../../src/transactions/domain/transaction.js';
import type { BankSettings } from './world-settings.js';
import type { Account } from './plots.js';
import { eventToAppend } from '../support/event-to-append.js';

const NO_FAULTS = { notSent: 0, lostOnTheWay: 0, answerLost: 0, meanLatencyMs: 300 };
const QUEUE_LAG_MS = 50;
const HOUR_MS = 3_600_000;
const DRAINED_WITHIN_MS = 40 * 24 * 3_600_000;

/** A claim, when it comes, and when its credit shows; null for one that never does. */
export interface Case {
  readonly claim: TransactionSubmitted;
  readonly atMs: number;
  readonly visibleAtMs: number | null;
}

export interface Fixture {
  readonly cases: readonly Case[];
  readonly credits: readonly LedgerMovement[];
  readonly accounts: readonly [Account, ...Account[]];
}

export interface QuietWorldOptions {
  readonly startsAt: Date;
  readonly bank: BankSettings;
  /** References that end in 99 bring about a fault of the sandbox. */
  readonly magicReferences?: boolean;
  /** A fault that the first call for a token meets. */
  readonly tokenFault?: string;
  /** What the claims' payers are known by. */
  readonly vault?: PersonalDataVault;
  /** How often `/explain` is looked at, for one pending claim in turn; left out where it is not. */
  readonly explainEveryMs?: number;
  /** Ends then, whatever is still pending. */
  readonly patienceMs?: number;
}

export interface Hour {
  dueMs: number;
  calls: number;
}

/** What one run came to. */
export interface QuietOutcome {
  readonly calls: Readonly<Record<string, number>>;
  /** Of each hour: for how long of it work was due, and how many calls were made. */
  readonly hours: readonly Hour[];
  readonly endedMs: number;
  readonly violations: readonly string[];
  readonly verifiedAtMs: ReadonlyMap<string, number>;
  readonly expiredAtMs: ReadonlyMap<string, number>;
  /** Those that an ask was about, or a listing that let them expire. */
  readonly asked: ReadonlySet<string>;
  readonly estimates: EstimateRecord;
}

/** The real verifier against the sandbox's bank, one instance and no crash, for as long as anything is pending. */
export class QuietWorld {
  private readonly time: VirtualTime;
  private readonly log = new WorldLog([...transactionEvents, ...slotEvents, ...sweepEvents]);
  private readonly judge: Judge;
  private readonly desk: Desk;
  private readonly fleet: Fleet;
  private readonly surroundings: Surroundings;
  private readonly calls: Record<string, number> = {};
  private readonly verifiedAtMs = new Map<string, number>();
  private readonly expiredAtMs = new Map<string, number>();
  private readonly asked = new Set<string>();
  private readonly listings = new Set<string>();
  private readonly open: Set<string>;
  private readonly estimates = new EstimateRecord();
  private explainer: SimulatedProcess | null = null;
  private unprojected: StoredEvent[] = [];
  private readonly hours: Hour[] = [];

  constructor(
    private readonly fixture: Fixture,
    private readonly options: QuietWorldOptions,
  ) {
    Logger.overrideLogger(false);
    const time = new VirtualTime(options.startsAt);
    this.time = time;
    const { bank: settings, magicReferences = false } = options;
    const asBank = bankOptions(settings);
    const bank = new Bank({
      ...asBank,
      rules: { ...asBank.rules, magicReferences },
      accounts: [],
      clock: time,
    });
    bank.add(fixture.credits);
    if (options.tokenFault !== undefined) bank.faults.order(options.tokenFault, 1, 'token');
    this.desk = new Desk(bank);
    const setup = bankSetup(settings);
    const { credentialId } = setup.credential;
    const config = readConfiguration([VerificationConfig], {}).section(VerificationConfig);
    const merchants = new SimulatedMerchants(fixture.accounts, {
      credentialId,
      toleranceMinor: 0n,
    });
    const limits = new PermitLimitsByCredential(new Map([[credentialId, setup.limits]]));
    this.surroundings = {
      config,
      setup,
      permits: new InMemoryPermitLog(limits, time),
      closures: new InMemoryGatewayClosures(),
      dueWork: new InMemoryDueWork(scheduleOf(config)),
      rights: new SpeakingRights(time),
      merchants,
      vault: options.vault ?? new InMemoryVault(),
      metrics: new Metrics(),
    };
    this.judge = new Judge({
      credits: fixture.credits,
      accountNumber: (id) => merchants.accountNumber(id),
    });
    this.fleet = new Fleet(
      {
        time,
        dice: new Dice(1),
        birth: (name, life) => this.process(name, life),
        hasLeftOpen: () => this.surroundings.dueWork.hasLeftOpen,
      },
      1,
    );
    this.open = new Set(fixture.cases.map(({ claim }) => claim.transactionId));
  }

  async run(): Promise<QuietOutcome> {
    this.fleet.start();
    for (const one of this.fixture.cases) this.time.after(one.atMs, () => void this.submit(one));
    if (this.options.explainEveryMs !== undefined) this.explain(this.options.explainEveryMs, 0);
    let lastMs = 0;
    let wasDue = false;
    const untilMs = this.options.patienceMs ?? DRAINED_WITHIN_MS;
    await this.time.run(untilMs, () => {
      const nowMs = this.time.monotonicMs();
      if (wasDue) this.hourOf(lastMs).dueMs += nowMs - lastMs;
      lastMs = nowMs;
      this.look();
      wasDue = this.isDue;
      return this.open.size > 0;
    });
    return {
      calls: this.calls,
      hours: this.hours,
      endedMs: this.time.monotonicMs(),
      violations: this.judge.violations,
      verifiedAtMs: this.verifiedAtMs,
      expiredAtMs: this.expiredAtMs,
      asked: this.asked,
      estimates: this.estimates,
    };
  }

  /** What came of one claim. */
  transaction(transactionId: string): SubmittedTransaction | null {
    return this.judge.transaction(transactionId);
  }

  /** Looks at one claim after the other, in an order that has nothing to do with when they are due. */
  private explain(everyMs: number, turn: number): void {
    this.time.after(everyMs, () => {
      const pending = this.surroundings.dueWork
        .all()
        .filter(({ standing, due_at: dueAt }) => standing === 'pending' && dueAt !== null);
      const one = pending[turn % Math.max(1, pending.length)];
      if (one !== undefined && this.explainer !== null) {
        void this.estimates.look(this.explainer.foresight, one.watch, this.time.now());
      }
      this.explain(everyMs, turn + 1);
    });
  }

  private hourOf(atMs: number): Hour {
    const at = Math.floor(atMs / HOUR_MS);
    return (this.hours[at] ??= { dueMs: 0, calls: 0 });
  }

  private get isDue(): boolean {
    const { dueWork, setup } = this.surroundings;
    // What may wait for company is no backlog.
    const patience = this.options.bank.listing ? 1 : 0;
    const readyMs = dueWork.nextReadyMs(setup.credential.credentialId, patience);
    return readyMs <= this.time.now().getTime();
  }

  private async submit({ claim }: Case): Promise<void> {
    const { transactionId } = claim;
    const eventId = uuidFrom('bench submitted', transactionId);
    const event = eventToAppend({
      eventId,
      type: 'TransactionSubmitted.v1',
      data: claim,
      metadata: RIG_METADATA,
    });
    await this.log.append(`transaction-${transactionId}`, 'no_stream', [event]);
  }

  private look(): void {
    const events = this.log.written();
    if (events.length === 0) return;
    for (const event of events) this.note(event);
    if (this.unprojected.length === 0) this.time.after(QUEUE_LAG_MS, () => this.project());
    this.unprojected.push(...events);
  }

  private note(event: StoredEvent): void {
    this.judge.see(event, this.time.now());
    this.estimates.see(event, this.time.now());
    const id = event.streamName.replace('transaction-', '');
    if (event.type === 'AskStarted.v1') this.asked.add(id);
    if (event.type === 'SweepAnswered.v1') this.listings.add((event.data as SweepAnswered).sweepId);
    if (event.type === 'TransactionVerified.v1') {
      this.verifiedAtMs.set(id, this.time.monotonicMs());
      this.open.delete(id);
    }
    if (event.type === 'TransactionExpired.v1') {
      this.expiredAtMs.set(id, this.time.monotonicMs());
      if (this.listings.has((event.data as TransactionExpired).askId)) this.asked.add(id);
      this.open.delete(id);
    }
    if (event.type === 'TransactionFlaggedForReview.v1') this.open.delete(id);
  }

  private project(): void {
    this.surroundings.dueWork.apply(this.unprojected);
    this.unprojected = [];
    this.fleet.nudge();
  }

  private process(name: string, life: Life): SimulatedProcess {
    const dice = new Dice(7);
    const onArrival = (breach: boolean, endpoint: string): void => {
      this.calls[endpoint] = (this.calls[endpoint] ?? 0) + 1;
      this.hourOf(this.time.monotonicMs()).calls += 1;
      if (breach) this.judge.blame('the bank received more calls than its contract allows');
    };
    const { setup } = this.surroundings;
    const wire = new SimulatedWire(
      this.time,
      dice,
      { desk: this.desk, onArrival },
      { settings: { ...setup.http, connectRepeats: 1 }, faults: NO_FAULTS },
    );
    this.explainer = new SimulatedProcess(this.surroundings, {
      name,
      life,
      dice,
      wire,
      clock: new ProcessClock(this.time, 0, 25),
      log: new SimulatedLog(this.log, life, dice, { crash: 0, lostAnswer: 0 }),
      lookMs: 1_000,
    });
    return this.explainer;
  }
}
