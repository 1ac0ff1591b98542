import {
  type GatewayAct,
  type GatewayClosure,
  GatewayClosures,
} from '../../src/bank-gateway/permits/gateway-closures.port.js';

/** Closures that outlive a gateway but not the test. */
export class InMemoryGatewayClosures extends GatewayClosures {
  private readonly closures = new Map<string, GatewayClosure>();

  find(credentialId: string): Promise<GatewayClosure | null> {
    return Promise.resolve(this.closures.get(credentialId) ?? null);
  }

  close(credentialId: string, { reason }: GatewayAct): Promise<boolean> {
    if (this.closures.has(credentialId)) return Promise.resolve(false);
    this.closures.set(credentialId, { closedAt: new Date(), reason });
    return Promise.resolve(true);
  }

  reopen(credentialId: string, _act: GatewayAct): Promise<boolean> {
    return Promise.resolve(this.closures.delete(credentialId));
  }
}
