import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { AskLane } from './ask-lane.js';
import { VerificationConfig } from './verification.config.js';

/** One lane per credential, made when it is first needed. */
@Injectable()
export class AskLanes {
  private readonly lanes = new Map<string, AskLane>();

  constructor(
    private readonly clock: Clock,
    private readonly config: VerificationConfig,
  ) {}

  of(credentialId: string): AskLane {
    const lane = this.lanes.get(credentialId) ?? new AskLane(this.clock, this.config.asksInFlight);
    this.lanes.set(credentialId, lane);
    return lane;
  }

  /** Resolves when no ask is under way any more. */
  async drained(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.drained()));
  }
}
