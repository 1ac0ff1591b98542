import type { Metrics } from '../../platform/metrics/metrics.js';
import { BankMeter } from './bank-meter.js';

/** Puts one credential's figures where Prometheus collects them. */
export class PrometheusBankMeter extends BankMeter {
  constructor(
    private readonly metrics: Metrics,
    private readonly credential: string,
  ) {
    super();
  }

  attempt(endpoint: string, status: string, seconds: number): void {
    this.metrics.banescoApiCallsTotal.inc({ endpoint, status });
    this.metrics.banescoApiDurationSeconds.observe({ endpoint }, seconds);
  }

  error(type: string): void {
    this.metrics.banescoApiErrorsTotal.inc({ error_type: type });
  }

  rateLimitExceeded(): void {
    this.metrics.banescoRateLimitExceededTotal.inc();
  }

  permits(used: number, free: number): void {
    const { credential } = this;
    this.metrics.paymentsPermitsUsed.set({ credential }, used);
    this.metrics.paymentsPermitsFree.set({ credential }, free);
  }

  closed(isClosed: boolean): void {
    this.metrics.paymentsBankClosed.set({ credential: this.credential }, isClosed ? 1 : 0);
  }

  circuitOpen(isOpen: boolean): void {
    this.metrics.paymentsBankCircuitOpen.set({ credential: this.credential }, isOpen ? 1 : 0);
  }
}
