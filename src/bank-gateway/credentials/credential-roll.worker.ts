import type { Role } from '../../platform/config/config.schema.js';
import type { Worker } from '../../platform/workers/worker.js';
import type { CredentialRoll } from './credential-roll.js';

/** Looks for credentials that were created or retired elsewhere, so that no instance needs a restart. */
export class CredentialRollWorker implements Worker {
  readonly name = 'credential-roll';
  readonly everyMs = 1_000;

  constructor(
    private readonly roll: CredentialRoll,
    /** One that this process has: both those that ask banks and those that answer requests need to know. */
    readonly role: Role,
  ) {}

  async run(): Promise<'idle'> {
    await this.roll.refresh();
    return 'idle';
  }
}
