import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Worker } from '../../platform/workers/worker.js';
import { ApiKeyUses } from './api-key-uses.js';
import { ApiKeyStore } from './api-key.store.js';

/** Writes down now and then which keys were used. */
@Injectable()
export class ApiKeyUsesWorker implements Worker {
  readonly name = 'api-key-uses';
  readonly role = 'api';
  readonly everyMs = 5_000;

  constructor(
    private readonly uses: ApiKeyUses,
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<'idle'> {
    const used = this.uses.take();
    if (used.size === 0) return 'idle';
    const now = this.clock.now();
    try {
      await this.store.noteUses(new Map([...used].map((apiKeyId) => [apiKeyId, now])));
    } catch (error) {
      for (const apiKeyId of used) this.uses.note(apiKeyId);
      throw error;
    }
    return 'idle';
  }
}
