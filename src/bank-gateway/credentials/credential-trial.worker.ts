import { Logger } from '@nestjs/common';
import { SecurityActs } from '../../access/acts/security-acts.port.js';
import type { Clock } from '../../kernel/clock.js';
import type { RandomSource } from '../../kernel/ids.js';
import type { DatabaseConnection } from '../../platform/database/database.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import type { Worker } from '../../platform/workers/worker.js';
import type { BankRegistry } from '../bank-registry.js';
import type { BankSetup } from '../bank-setup.js';
import { PrometheusBankMeter } from '../http/prometheus-bank-meter.js';
import type { PermitLog } from '../permits/permit-log.port.js';
import type { TrialEnd } from './bank-credential-trial.table.js';
import type { BankSecret, BankSecrets } from './bank-secrets.port.js';
import { CredentialTrial, type TrialOutcome } from './credential-trial.js';
import type { CredentialRoll } from './credential-roll.js';
import type { CredentialTrialRow, CredentialTrials } from './credential-trials.store.js';

export interface TrialWorkerParts {
  readonly registry: BankRegistry;
  readonly roll: CredentialRoll;
  readonly trials: CredentialTrials;
  readonly secrets: BankSecrets;
  readonly acts: SecurityActs;
  readonly permits: PermitLog;
  readonly database: DatabaseConnection;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const SPARE_SECONDS = 60;

// A trial waits up to two windows for its permit; a process that died with it holds it no longer than this.
const leaseSecondsOf = (setups: readonly BankSetup[]): number =>
  SPARE_SECONDS +
  Math.max(...setups.map(({ limits, line }) => (2 * limits.windowMs + line.wholeMs) / 1000));

/** Shows waiting secrets to the bank and puts in force what it takes; runs where banks are spoken to. */
export class CredentialTrialWorker implements Worker {
  readonly name = 'credential-trials';
  readonly role = 'verifier';
  readonly everyMs = 1_000;
  private readonly logger = new Logger('CredentialTrialWorker');

  constructor(private readonly parts: TrialWorkerParts) {}

  async run(signal: AbortSignal): Promise<'idle' | 'busy'> {
    const { registry, roll, trials } = this.parts;
    // One that was created a moment ago waits for nothing but its trial.
    await roll.refresh();
    const setups = registry.known().map(({ setup }) => setup);
    const ids = setups.map(({ credential }) => credential.credentialId);
    const row = await trials.take(ids, leaseSecondsOf(setups));
    if (row === null) return 'idle';
    const setup = registry.find(row.credential_id)?.setup;
    if (setup === undefined) return 'idle';
    const tried = await this.tried(setup, row, signal);
    if (tried.outcome === 'unknown' && signal.aborted) await trials.giveBack(row.trial_id);
    else await this.end(row, tried);
    return 'busy';
  }

  private async tried(
    setup: BankSetup,
    row: CredentialTrialRow,
    signal: AbortSignal,
  ): Promise<{ readonly outcome: TrialOutcome; readonly secret: BankSecret | null }> {
    const { trials, permits, clock, random, metrics } = this.parts;
    try {
      const { secret, account } = trials.opened(row);
      const meter = new PrometheusBankMeter(metrics, setup.credential);
      const trial = new CredentialTrial(setup, { permits, clock, random, meter });
      return { outcome: await trial.of(secret, account, signal), secret };
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      this.logger.warn({ msg: 'secrets could not be tried', trialId: row.trial_id, reason });
      return { outcome: 'unknown', secret: null };
    }
  }

  /** The end, the secrets in force and the act stand together or not at all. */
  private async end(
    row: CredentialTrialRow,
    { outcome, secret }: { readonly outcome: TrialOutcome; readonly secret: BankSecret | null },
  ): Promise<void> {
    const { trials, secrets, acts, database, clock } = this.parts;
    const { credential_id: credentialId, trial_id: trialId, acting, reason } = row;
    await database.kysely.transaction().execute(async (tx) => {
      if (!(await trials.hold(tx, trialId))) return;
      let end: TrialEnd = outcome;
      let version: number | null = null;
      if (outcome === 'accepted' && secret !== null) {
        const act = { by: acting.actor, reason, told: true };
        const over = { credentialId, over: row.seen_version };
        version = await secrets.storeOver(tx, over, { secret, testedAt: clock.now() }, act);
        if (version === null) end = 'overtaken';
      }
      await trials.end(tx, trialId, end);
      await acts.record(
        {
          act: 'bank_credential.stored',
          subject: `bank_credential:${credentialId}`,
          particulars: { why: reason, trialId, version },
          ...(end === 'accepted' ? {} : { refusedFor: `trial_${end}` }),
        },
        acting,
        tx,
      );
    });
  }
}
