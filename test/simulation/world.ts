import { Logger } from '@nestjs/common';
import { PermitLimitsByCredential } from '../../src/bank-gateway/permits/permit-limits.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import type { StoredEvent } from '../../src/platform/event-store/stored-event.js';
import { Bank } from '../../src/stand-ins/sandbox-bank/bank.js';
import { Desk } from '../../src/stand-ins/sandbox-bank/desk.js';
import { transactionEvents } from '../../src/transactions/events/transaction.event.js';
import { slotEvents } from '../../src/verification/bind-movement/slot.event.js';
import { sweepEvents } from '../../src/verification/record-sweep/sweep.event.js';
import { scheduleOf } from '../../src/verification/verification.config.js';
import { InMemoryDueWork } from '../support/in-memory-due-work.js';
import { InMemoryGatewayClosures } from '../support/in-memory-gateway-closures.js';
import { InMemoryPermitLog } from '../support/in-memory-permit-log.js';
import { SpeakingRights } from '../support/in-memory-speakers.js';
import { InMemoryVault } from '../support/in-memory-vault.js';
import { orderFaults, reopenNowAndThen } from './bank-troubles.js';
import type { Defect } from './defects.js';
import { Dice } from './dice.js';
import { Fleet } from './fleet.js';
import { WorldLog } from './follower.js';
import { Judge } from './judge.js';
import { MerchantBackend } from './merchant-backend.js';
import { accountsFor, SimulatedMerchants } from './merchants.js';
import type { Life } from './mortal.js';
import { People } from './people.js';
import { type Story, StoryTeller } from './plots.js';
import { SimulatedLog } from './simulated-log.js';
import { SimulatedProcess, type Surroundings } from './simulated-process.js';
import { SimulatedWire } from './simulated-wire.js';
import { ProcessClock, SteppingTime, VirtualTime } from './virtual-time.js';
import {
  bankOptions,
  bankSetup,
  settingsFrom,
  verificationConfig,
  type WorldSettings,
} from './world-settings.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
// Midnight in Caracas: a world sees a night's maintenance and the change of a day.
const BEGINS = new Date('2026-03-10T04:00:00.000Z');
const CLAIMED_WITHIN_MS = 16 * HOUR_MS;
const LATE_EVERY_MS = 4 * HOUR_MS;
// What closures, outages and a full queue may cost beyond what the schedule says.
const SLACK_MS = 8 * HOUR_MS;
const ENDS_MS = CLAIMED_WITHIN_MS + DAY_MS + SLACK_MS;
const WRONG_CLOCK_MS = 2_000;
const STEP_MS = 1_000;

// What somebody corrected or decided may end anyhow, but never in the middle of something.
const ANY_END = 'pending verified needs_review rejected expired cancelled reversed'.split(' ');

/** What came of one seed. */
export interface WorldOutcome {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly claims: number;
  readonly calls: number;
  readonly crashes: number;
}

/** One made-up world: merchants, a bank, some instances of the service, and two days of virtual time. */
export class World {
  private readonly time = new VirtualTime(BEGINS);
  private readonly log = new WorldLog([...transactionEvents, ...slotEvents, ...sweepEvents]);
  private readonly dice: Dice;
  private readonly settings: WorldSettings;
  private readonly surroundings: Surroundings;
  private readonly story: Story;
  private readonly bank: Bank;
  private readonly desk: Desk;
  private readonly judge: Judge;
  private readonly fleet: Fleet;
  private readonly backends: readonly MerchantBackend[];
  private readonly people: People;
  private unprojected: StoredEvent[] = [];
  private calls = 0;

  constructor(
    private readonly seed: number,
    private readonly defect: Defect = {},
    private readonly witness: (event: StoredEvent) => void = () => undefined,
  ) {
    // Refusals and crashes are what a world is about; their log lines are not.
    Logger.overrideLogger(false);
    this.dice = new Dice(seed);
    const { dice, time } = this;
    const settings = settingsFrom(dice);
    this.settings = settings;
    const accounts = accountsFor(settings.accounts, settings.merchants);
    const numbers = accounts.map(({ accountNumber }) => accountNumber);
    this.bank = new Bank({ ...bankOptions(settings), accounts: numbers, clock: time });
    this.desk = new Desk(this.bank);
    this.story = new StoryTeller(new Dice(seed ^ 0x51), {
      startsAt: BEGINS,
      accounts,
      claims: settings.claims,
      withinMs: CLAIMED_WITHIN_MS,
      visibleWithinMs: settings.visibleWithinMs,
      askedLateForMs: DAY_MS - settings.visibleWithinMs - LATE_EVERY_MS - SLACK_MS,
    }).tell();
    this.bank.add(this.story.credits);
    const setup = bankSetup(settings);
    const { credentialId } = setup.credential;
    const { toleranceMinor = 0n } = defect;
    const merchants = new SimulatedMerchants(accounts, { credentialId, toleranceMinor });
    const config = verificationConfig(settings);
    const limits = new PermitLimitsByCredential(new Map([[credentialId, setup.limits]]));
    this.surroundings = {
      config,
      setup,
      // Dice of its own: whether the clock steps changes nothing else in the world.
      permits: new InMemoryPermitLog(
        limits,
        time,
        new SteppingTime(time, new Dice(~seed), STEP_MS),
      ),
      closures: new InMemoryGatewayClosures(),
      dueWork: new InMemoryDueWork(scheduleOf(config)),
      rights: new SpeakingRights(time),
      merchants,
      vault: new InMemoryVault(),
      metrics: new Metrics(),
    };
    this.judge = new Judge({
      credits: this.story.credits,
      accountNumber: (id) => merchants.accountNumber(id),
    });
    this.fleet = new Fleet(
      {
        time,
        dice: new Dice(seed ^ 0xf1),
        birth: (name, life) => this.process(name, life),
        hasLeftOpen: () => this.surroundings.dueWork.hasLeftOpen,
      },
      settings.processes,
    );
    this.people = new People({
      time,
      dice: new Dice(seed ^ 0xac),
      balancer: this.fleet.balancer,
      transactions: () => this.judge.all(),
    });
    this.backends = this.backendsOf(new Dice(seed ^ 0xb2));
  }

  async run(): Promise<WorldOutcome> {
    const { time, dice, settings, surroundings } = this;
    this.fleet.start();
    for (const backend of this.backends) backend.start();
    this.people.start(CLAIMED_WITHIN_MS + DAY_MS);
    const troubles = { count: settings.bankFaults, withinMs: CLAIMED_WITHIN_MS };
    orderFaults(this.bank, { time, dice }, troubles);
    reopenNowAndThen(time, surroundings.closures, surroundings.setup.credential.credentialId);
    await time.run(ENDS_MS, () => {
      this.look();
      return this.judge.violations.length === 0;
    });
    this.judgeEnd();
    return {
      seed: this.seed,
      violations: this.judge.violations,
      claims: this.story.plots.length,
      calls: this.calls,
      crashes: this.fleet.crashes,
    };
  }

  /** After every step: the judge reads what was written, and the queue hears of it a little later. */
  private look(): void {
    const events = this.log.written();
    if (events.length === 0) return;
    for (const event of events) {
      this.judge.see(event, this.time.now());
      this.witness(event);
    }
    if (this.unprojected.length === 0) {
      const lagMs = this.dice.between(1, this.settings.queueLagMs);
      this.time.after(lagMs, () => this.project());
    }
    this.unprojected.push(...events);
  }

  private project(): void {
    this.surroundings.dueWork.apply(this.unprojected);
    this.unprojected = [];
    this.fleet.nudge();
  }

  private backendsOf(dice: Dice): readonly MerchantBackend[] {
    return this.story.plots.map(
      (plot) =>
        new MerchantBackend(plot, {
          time: this.time,
          dice,
          balancer: this.fleet.balancer,
          isGivenUp: (id) => this.judge.isGivenUp(id),
          isChanged: (id) => this.people.touched.has(id),
          blame: (what) => this.judge.blame(what),
        }),
    );
  }

  private process(name: string, life: Life): SimulatedProcess {
    const { seed, settings, time } = this;
    const dice = new Dice(this.dice.between(0, 0x7fffffff) ^ seed);
    const wrongByMs = dice.between(-WRONG_CLOCK_MS, WRONG_CLOCK_MS);
    const wire = new SimulatedWire(
      time,
      dice,
      { desk: this.desk, onArrival: (breach) => this.arrived(breach) },
      {
        settings: { ...this.surroundings.setup.http, connectRepeats: 1 },
        faults: settings.wire,
      },
    );
    return new SimulatedProcess(this.surroundings, {
      name,
      life,
      dice,
      wire,
      clock: new ProcessClock(time, wrongByMs, settings.leastPauseMs),
      log: new SimulatedLog(this.log, life, dice, settings.log),
      lookMs: settings.processes > 1 ? 2_000 : 250,
      ...(this.defect.alter === undefined ? {} : { alter: this.defect.alter }),
    });
  }

  private arrived(breach: boolean): void {
    this.calls += 1;
    if (breach) this.judge.blame('the bank received more calls than its contract allows');
  }

  /** Nothing may be lost, and nothing may be left lying. */
  private judgeEnd(): void {
    if (this.judge.violations.length > 0) return;
    for (const { plot, acknowledged } of this.backends) {
      if (acknowledged.size === 0) this.judge.blame(`the claim "${plot.name}" was never taken`);
      for (const [transactionId, { cancelled }] of acknowledged) {
        const mayEnd = this.people.touched.has(transactionId) ? ANY_END : plot.mayEnd;
        this.judge.judgeEnd(transactionId, cancelled ? ['cancelled'] : mayEnd);
      }
    }
  }
}
