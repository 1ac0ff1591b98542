import { Injectable } from '@nestjs/common';
import type { DatabaseTransaction } from '../../platform/database/database.js';
import type { SecurityActRecorded } from './security-act.event.js';

/** An act that was done, as those hear of it who make something follow from it. */
export interface WitnessedAct extends SecurityActRecorded {
  /** Of its event, the same for ever. */
  readonly eventId: string;
  /** `user:<id>`, `api_key:<id>` or `process:<name>`. */
  readonly actor: string;
}

/** Makes something follow from acts, in the transaction that writes them down: never one without the other. */
export abstract class ActWitness {
  abstract saw(act: WitnessedAct, tx: DatabaseTransaction): Promise<void>;
}

/** Those who hear of every act that is done; modules add theirs in `onModuleInit`. */
@Injectable()
export class ActWitnesses {
  private readonly witnesses: ActWitness[] = [];

  register(witness: ActWitness): void {
    this.witnesses.push(witness);
  }

  async tell(act: WitnessedAct, tx: DatabaseTransaction): Promise<void> {
    for (const witness of this.witnesses) await witness.saw(act, tx);
  }
}
