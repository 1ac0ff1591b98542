import { appendFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { Worker } from '../workers/worker.js';
import { anchorLine } from './anchor.js';
import type { LogAnchoring } from './log-anchoring.js';
import type { LogAnchors } from './log-anchors.store.js';
import type { LogAuditConfig } from './log-audit.config.js';

const MINUTE_MS = 60_000;

export interface AnchorWorkerParts {
  readonly anchoring: LogAnchoring;
  readonly anchors: LogAnchors;
  readonly clock: Clock;
  readonly config: LogAuditConfig;
}

/** Anchors the log every hour or as often as configured, whichever process comes first. */
export class LogAnchorWorker implements Worker {
  readonly name = 'log-anchor';
  readonly role = 'projector';
  readonly everyMs = MINUTE_MS;
  private readonly logger = new Logger(LogAnchorWorker.name);

  constructor(private readonly parts: AnchorWorkerParts) {}

  async run(signal: AbortSignal): Promise<'idle' | 'busy'> {
    const { anchoring, anchors, clock, config } = this.parts;
    const latest = await anchors.latest();
    const ageMs = latest === null ? null : clock.now().getTime() - latest.signedAt.getTime();
    if (ageMs !== null && ageMs < config.everyMinutes * MINUTE_MS) return 'idle';
    for (;;) {
      const made = await anchoring.next(signal);
      if (made === null) return 'idle';
      const line = anchorLine(made.anchor);
      // Logs are shipped away from here: one more place that whoever rewrites the log does not reach.
      this.logger.log({ anchor: JSON.parse(line) as unknown }, 'anchored the log');
      if (config.file !== '') await appendFile(config.file, `${line}\n`);
      if (!made.more) return 'idle';
    }
  }
}
