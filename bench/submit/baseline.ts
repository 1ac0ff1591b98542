import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { firstLine, spawnTypescript } from './contestants.js';

/** The plain CRUD service as a process of its own. */
export class Baseline {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(
    databaseUrl: string,
    demo: { readonly apiKey: string; readonly merchantId: string },
  ): Promise<Baseline> {
    const child = spawnTypescript('bench/crud-baseline/crud-baseline.main.ts', [], {
      DATABASE_URL: databaseUrl,
      BASELINE_API_KEY: demo.apiKey,
      BASELINE_MERCHANT_ID: demo.merchantId,
    });
    const { url } = await firstLine<{ url: string }>(child);
    return new Baseline(child, url);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
