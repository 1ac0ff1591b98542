import { Logger } from '@nestjs/common';
import type { BankMeter } from './http/bank-meter.js';
import type { GatewayClosures } from './permits/gateway-closures.port.js';

/** Whether anything may be sent under one credential. `unknown`: the closures could not be read, so nothing may. */
export class CredentialDoor {
  private readonly logger = new Logger('CredentialDoor');
  /** A closure that could not be written down yet: it holds all the same. */
  private unwritten: string | null = null;

  constructor(
    private readonly credentialId: string,
    private readonly closures: GatewayClosures,
    private readonly meter: BankMeter,
  ) {}

  async state(): Promise<'open' | 'closed' | 'unknown'> {
    try {
      if (this.unwritten !== null) await this.write(this.unwritten);
      const closure = await this.closures.find(this.credentialId);
      this.meter.closed(closure !== null);
      return closure === null ? 'open' : 'closed';
    } catch (error) {
      this.complain('closures cannot be read', error);
      return this.unwritten === null ? 'unknown' : 'closed';
    }
  }

  /** Shut until a person reopens it. */
  async close(why: string): Promise<void> {
    this.meter.closed(true);
    this.meter.error('credentials_refused');
    this.logger.error({ msg: 'gateway closed', credentialId: this.credentialId, why });
    this.unwritten = `credentials_refused:${why}`;
    try {
      await this.write(this.unwritten);
    } catch (error) {
      this.complain('closure not written yet', error);
    }
  }

  private async write(reason: string): Promise<void> {
    await this.closures.close(this.credentialId, { by: 'process:gateway', reason });
    this.unwritten = null;
  }

  private complain(msg: string, error: unknown): void {
    const reason = error instanceof Error ? error.name : 'unknown';
    this.logger.warn({ msg, credentialId: this.credentialId, reason });
  }
}
