import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.js';
import type { RandomSource } from '../../kernel/ids.js';
import { localDateAt } from '../../kernel/local-date.js';
import type { Job } from '../jobs/job.js';
import { ClaimWalk } from './claim-walk.js';
import type { ProbeConfig } from './probe.config.js';
import { madeUpReference } from './made-up-reference.js';

const MINUTE_MS = 60_000;
const AMOUNT = 100;

const keyFile = z.object({ apiKey: z.string(), receivingAccountId: z.string() });

/** Submits a claim of a test key every so often, as a merchant would. It reaches only a sandbox, and no total. */
export class ProbeJob implements Job {
  readonly name = 'probe';
  readonly summary = 'Submits a claim of a test key over HTTP and looks at every answer.';
  readonly everyMs: number;

  constructor(
    private readonly config: ProbeConfig,
    private readonly clock: Clock,
    private readonly random: RandomSource,
  ) {
    this.everyMs = config.everyMinutes * MINUTE_MS;
  }

  async run(signal: AbortSignal): Promise<string> {
    const key = keyFile.parse(JSON.parse(await readFile(this.config.keyFile, 'utf8')));
    const walk = new ClaimWalk({ url: this.config.url, ...key }, this.clock);
    const claim = {
      reference: madeUpReference(this.random),
      amount: AMOUNT,
      paidOn: localDateAt(this.clock.now()),
      verdict: this.config.verdict === '' ? null : this.config.verdict,
      withinMs: MINUTE_MS,
      totals: false,
    };
    const steps: string[] = [];
    for await (const step of walk.walk(claim, signal)) steps.push(step);
    return steps.join('; ');
  }
}
