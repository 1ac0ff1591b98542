import { Injectable } from '@nestjs/common';
import { minorDigits, type Currency } from '../kernel/money.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { SubmittedTransaction } from './domain/transaction.js';

/** Counts what happens to transactions in this process. */
@Injectable()
export class TransactionMetrics {
  constructor(private readonly metrics: Metrics) {}

  /** Says that a transaction has just reached the status that it has. */
  reached({ status, claim, held }: SubmittedTransaction): void {
    const { bank, type } = claim;
    this.metrics.transactionsTotal.inc({ status, bank, type });
    if (status !== 'verified' || held === null) return;
    const { currency, bankAmountMinor } = held;
    const wholeUnits = bankAmountMinor / 10 ** minorDigits(currency as Currency);
    this.metrics.transactionAmount.observe({ bank, type, currency }, wholeUnits);
  }
}
