import { createHmac, randomUUID } from 'node:crypto';
import {
  PersonalDataVault,
  type PayerData,
  type SealedData,
} from '../../src/platform/personal-data/personal-data.js';

/** Keeps what it sealed in memory; a box names its key and reveals nothing. */
export class InMemoryVault extends PersonalDataVault {
  private readonly kept = new Map<string, PayerData>();
  /** Counts looks for keys, for tests that say how many are needed. */
  looks = 0;

  async seal(payer: PayerData): Promise<SealedData> {
    const keyId = randomUUID();
    this.kept.set(keyId, payer);
    return Promise.resolve({ keyId, box: 'sealed' });
  }

  async open(sealed: SealedData): Promise<PayerData | null> {
    const [opened = null] = await this.openMany([sealed]);
    return opened;
  }

  openMany(sealed: readonly SealedData[]): Promise<readonly (PayerData | null)[]> {
    this.looks += 1;
    return Promise.resolve(sealed.map(({ keyId }) => this.kept.get(keyId) ?? null));
  }

  blindIndex(field: 'phone' | 'document', value: string): string {
    return createHmac('sha256', 'a key for tests').update(`${field}:${value}`).digest('base64url');
  }

  erase(keyIds: readonly string[]): Promise<void> {
    for (const keyId of keyIds) this.kept.delete(keyId);
    return Promise.resolve();
  }
}
