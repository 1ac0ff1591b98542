import type { Scenario } from './scenario.js';
import { scenarioNamed, SCENARIOS } from './scenarios.js';

interface FaultOrder {
  readonly scenario: Scenario;
  readonly operation: string | null;
  readonly remaining: number;
}

/** Scenarios ordered by an admin call for the next calls, first ordered, first served. */
export class FaultOrders {
  private orders: FaultOrder[] = [];

  constructor(private readonly catalogue: readonly Scenario[] = SCENARIOS) {}

  /** @throws Error for an unknown scenario, or one that does not fit the operation */
  order(name: string, calls: number, operation: string | null): void {
    const scenario = scenarioNamed(name, this.catalogue);
    const target = scenario.tokenOnly === true ? 'token' : operation;
    if (target === 'token' && scenario.answer === undefined) {
      throw new Error(`scenario "${name}" does not concern the token endpoint`);
    }
    if (scenario.tokenOnly === true && operation !== null && operation !== 'token') {
      throw new Error(`scenario "${name}" concerns the token endpoint only`);
    }
    this.orders.push({ scenario, operation: target, remaining: calls });
  }

  /** The scenario for this call, used up by one; an order without an operation spares token calls. */
  take(operation: string): Scenario | null {
    const order = this.orders.find((one) =>
      one.operation === null ? operation !== 'token' : one.operation === operation,
    );
    if (order === undefined) return null;
    this.orders = this.orders
      .map((one) => (one === order ? { ...one, remaining: one.remaining - 1 } : one))
      .filter(({ remaining }) => remaining > 0);
    return order.scenario;
  }

  list(): readonly { scenario: string; operation: string | null; calls: number }[] {
    return this.orders.map(({ scenario, operation, remaining }) => ({
      scenario: scenario.name,
      operation,
      calls: remaining,
    }));
  }

  clear(): void {
    this.orders = [];
  }
}
