import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { minorDigits, type Currency } from '../kernel/money.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { VerificationRecorded } from '../transactions/record-verification/record-verification.command.js';

/** Counts verdicts where they are written, so that a replay of the log counts none twice. */
@Injectable()
export class VerdictMeter {
  constructor(
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Counts the status that a step led to; steps that wrote nothing had been counted by whoever wrote them. */
  count({ transaction, appended }: VerificationRecorded): void {
    if (!appended) return;
    const { status, claim, held } = transaction;
    this.metrics.transactionsTotal.inc({ status, bank: claim.bank, type: claim.type });
    const seconds = (this.clock.now().getTime() - Date.parse(claim.submittedAt)) / 1_000;
    this.metrics.paymentsVerdictSeconds.observe({ status }, Math.max(0, seconds));
    if (status !== 'verified' || held === null || claim.mode !== 'live') return;
    const units = held.bankAmountMinor / 10 ** minorDigits(held.currency as Currency);
    this.metrics.transactionAmount.observe(
      { bank: claim.bank, type: claim.type, currency: held.currency },
      units,
    );
  }
}
