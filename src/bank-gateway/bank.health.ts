import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry, type HealthFinding } from '../platform/health/health-registry.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { BankGateway } from './bank-gateway.port.js';
import { GatewayClosures } from './permits/gateway-closures.port.js';

/**
 * Says when a bank cannot be asked. It never takes the service out: claims are taken and read all the same, and
 * asking the bank for its health would cost a permit.
 */
@Injectable()
export class BankHealth implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly gateway: BankGateway,
    private readonly closures: GatewayClosures,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.registry.register({
      name: 'bank',
      advisory: true,
      role: 'verifier',
      look: () => this.look(),
    });
  }

  private async look(): Promise<HealthFinding> {
    const ids = this.gateway.credentials().map(({ credentialId }) => credentialId);
    const found = await Promise.all(ids.map((id) => this.closures.find(id)));
    const closed = ids.filter((_, at) => found[at] !== null);
    if (closed.length > 0) {
      return { status: 'warn', reason: `closed until a person reopens: ${closed.join(', ')}` };
    }
    const unreachable = await this.withOpenCircuit();
    return unreachable.length > 0
      ? { status: 'warn', reason: `cannot be reached: ${unreachable.join(', ')}` }
      : { status: 'pass' };
  }

  // As this process finds it; only one that asks the bank has a circuit to open.
  private async withOpenCircuit(): Promise<readonly string[]> {
    const { values } = await this.metrics.paymentsBankCircuitOpen.get();
    return values.filter(({ value }) => value === 1).map(({ labels }) => String(labels.credential));
  }
}
