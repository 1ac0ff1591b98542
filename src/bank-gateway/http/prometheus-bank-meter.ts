import type { Metrics } from '../../platform/metrics/metrics.js';
import type { BankCredential } from '../bank-gateway.port.js';
import { BankMeter } from './bank-meter.js';

// Its figures have names of their own, which dashboards inherit.
const BANESCO = '0134';

/** Puts one credential's figures where Prometheus collects them. */
export class PrometheusBankMeter extends BankMeter {
  private readonly bank: string;
  private readonly credential: string;

  constructor(
    private readonly metrics: Metrics,
    { bank, credentialId, besideLive = false }: BankCredential,
  ) {
    super();
    // A sandbox that is slow or away must not look like the bank: no alert and no objective counts it.
    this.bank = besideLive ? `${bank}-sandbox` : bank;
    this.credential = credentialId;
    // Prometheus sees a growth only from a figure it has seen before: the first breach would go unnoticed.
    if (this.bank !== BANESCO) {
      metrics.paymentsBankRateLimitExceededTotal.inc({ bank: this.bank }, 0);
    }
  }

  attempt(endpoint: string, status: string, seconds: number): void {
    const { bank, metrics } = this;
    if (bank === BANESCO) {
      metrics.banescoApiCallsTotal.inc({ endpoint, status });
      metrics.banescoApiDurationSeconds.observe({ endpoint }, seconds);
    } else {
      metrics.paymentsBankCallsTotal.inc({ bank, endpoint, status });
      metrics.paymentsBankCallDurationSeconds.observe({ bank, endpoint }, seconds);
    }
  }

  error(type: string): void {
    const { bank, metrics } = this;
    if (bank === BANESCO) metrics.banescoApiErrorsTotal.inc({ error_type: type });
    else metrics.paymentsBankErrorsTotal.inc({ bank, error_type: type });
  }

  rateLimitExceeded(): void {
    const { bank, metrics } = this;
    if (bank === BANESCO) metrics.banescoRateLimitExceededTotal.inc();
    else metrics.paymentsBankRateLimitExceededTotal.inc({ bank });
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
