import type { LocalDate } from '../../kernel/local-date.js';
import { fetchPatiently } from './fetch-patiently.js';

/** What the sandbox bank tells about itself; only what the local run looks at. */
export interface SandboxState {
  /** The day from which the dates of the loaded movements count back. */
  readonly anchor_on: LocalDate;
  /** Every call it received, token calls too. */
  readonly calls: number;
  /** Calls beyond its limit. */
  readonly breaches: number;
}

/** The sandbox bank's own view of what it was asked. */
export class SandboxAdmin {
  constructor(private readonly url: string) {}

  async state(): Promise<SandboxState> {
    const response = await fetchPatiently(`${this.url}/admin/state`, {
      headers: { 'x-sandbox-admin': '1' },
    });
    if (!response.ok) throw new Error(`the sandbox bank answers ${response.status}`);
    return (await response.json()) as SandboxState;
  }
}
