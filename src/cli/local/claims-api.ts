import { fetchPatiently } from './fetch-patiently.js';

/** A claim's transaction as the API shows it; only what the local run looks at. */
export interface ShownTransaction {
  readonly id: string;
  readonly status: string;
  readonly status_reason: string | null;
}

interface Page {
  readonly data: readonly ShownTransaction[];
  readonly next_cursor: string | null;
}

/** The public API, as a merchant's backend would call it. */
export class ClaimsApi {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  /** Submits a claim, and again while the service is not there. @throws Error with the refusal, or after a minute */
  async submit(claim: unknown): Promise<ShownTransaction> {
    const response = await this.repeated('/api/v1/transactions', {
      method: 'POST',
      body: JSON.stringify(claim),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`a claim was refused: ${response.status} ${answer}`);
    return JSON.parse(answer) as ShownTransaction;
  }

  /** Every transaction of the merchant, page by page. */
  async all(): Promise<ShownTransaction[]> {
    const found: ShownTransaction[] = [];
    let cursor: string | null = null;
    do {
      const query: URLSearchParams = new URLSearchParams({
        limit: '100',
        ...(cursor === null ? {} : { cursor }),
      });
      const page: Page = await this.read<Page>(`/api/v1/transactions?${query.toString()}`);
      found.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return found;
  }

  async transaction(id: string): Promise<ShownTransaction> {
    return this.read<ShownTransaction>(`/api/v1/transactions/${id}`);
  }

  private async read<T>(path: string): Promise<T> {
    const response = await this.repeated(path, { method: 'GET' });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  private repeated(path: string, init: RequestInit): Promise<Response> {
    return fetchPatiently(`${this.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'application/json' },
    });
  }
}
