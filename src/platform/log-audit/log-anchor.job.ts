import { appendFile } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import type { Job } from '../jobs/job.js';
import { anchorLine } from './anchor.js';
import type { LogAnchoring } from './log-anchoring.js';
import type { LogAuditConfig } from './log-audit.config.js';

const MINUTE_MS = 60_000;

/** Anchors the log every hour or as often as configured, and hands the anchors on. */
export class LogAnchorJob implements Job {
  readonly name = 'log-anchor';
  readonly summary = 'Signs how far the log goes and what stands in it.';
  readonly everyMs: number;
  private readonly logger = new Logger(LogAnchorJob.name);

  constructor(
    private readonly anchoring: LogAnchoring,
    private readonly config: LogAuditConfig,
  ) {
    this.everyMs = config.everyMinutes * MINUTE_MS;
  }

  async run(signal: AbortSignal): Promise<string> {
    for (let made = 0; ; made += 1) {
      const next = await this.anchoring.next(signal);
      if (next === null) return `made ${made} anchors`;
      const line = anchorLine(next.anchor);
      // Logs are shipped away from here: one more place that whoever rewrites the log does not reach.
      this.logger.log({ anchor: JSON.parse(line) as unknown }, 'anchored the log');
      if (this.config.file !== '') await appendFile(this.config.file, `${line}\n`);
      if (!next.more) return `made ${made + 1} anchors`;
    }
  }
}
