import { randomUUID } from 'node:crypto';
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

interface Endpoints {
  readonly data: readonly { readonly id: string; readonly description: string | null }[];
}

interface Request extends RequestInit {
  readonly headers?: Readonly<Record<string, string>>;
}

const ENDPOINTS = '/api/v1/webhook-endpoints';
// Tells the endpoints of local runs from those that somebody made.
const OURS = 'made by start-local';
const VERDICTS = ['verified', 'needs_review', 'rejected', 'expired'];

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

  /** Every transaction of the merchant by its id, read page by page. */
  async all(): Promise<Map<string, ShownTransaction>> {
    const found = new Map<string, ShownTransaction>();
    let cursor: string | null = null;
    do {
      const query: URLSearchParams = new URLSearchParams({
        limit: '100',
        ...(cursor === null ? {} : { cursor }),
      });
      const page: Page = await this.read<Page>(`/api/v1/transactions?${query.toString()}`);
      for (const each of page.data) found.set(each.id, each);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return found;
  }

  async transaction(id: string): Promise<ShownTransaction> {
    return this.read<ShownTransaction>(`/api/v1/transactions/${id}`);
  }

  /** Has verdicts sent to an address, and no longer to that of an earlier run; answers the secret of the signatures. */
  async tellVerdictsTo(url: string): Promise<string> {
    const { data } = await this.read<Endpoints>(ENDPOINTS);
    for (const { id } of data.filter(({ description }) => description === OURS)) {
      await this.repeated(`${ENDPOINTS}/${id}`, { method: 'DELETE' });
    }
    const response = await this.repeated(ENDPOINTS, {
      method: 'POST',
      headers: { 'idempotency-key': randomUUID() },
      body: JSON.stringify({
        url,
        description: OURS,
        event_types: VERDICTS.map((verdict) => `transaction.${verdict}`),
      }),
    });
    const answer = await response.text();
    if (response.status !== 201) throw new Error(`no webhooks: ${response.status} ${answer}`);
    return (JSON.parse(answer) as { secret: string }).secret;
  }

  private async read<T>(path: string): Promise<T> {
    const response = await this.repeated(path, { method: 'GET' });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  private repeated(path: string, init: Request): Promise<Response> {
    return fetchPatiently(`${this.url}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
    });
  }
}
