import { createHmac, type KeyObject } from 'node:crypto';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import { RecentMap } from '../../kernel/recent-map.js';
import { DataKeySupply } from './data-key-supply.js';
import type { DataKeyStore } from './data-key.store.js';
import { PersonalDataVault, type PayerData, type SealedData } from './personal-data.js';
import { openBox, sealBox } from './sealed-box.js';

// About two megabytes: the claims that are being verified now.
const OPENED_KEYS = 10_000;
// An erasure in one process is noticed by the others within this time.
const FORGET_KEY_AFTER_MS = 60_000;

export interface VaultParts {
  readonly keys: DataKeyStore;
  readonly indexKey: KeyObject;
  readonly clock: Clock;
}

interface OpenedKey {
  readonly key: KeyObject;
  readonly openedAtMs: number;
}

/** Personal data under data keys that live in Postgres; what is written here never appears in a log or an error. */
export class StoredPersonalDataVault
  extends PersonalDataVault
  implements BeforeApplicationShutdown
{
  private readonly supply: DataKeySupply;
  private readonly opened = new RecentMap<string, OpenedKey>(OPENED_KEYS);

  constructor(private readonly parts: VaultParts) {
    super();
    this.supply = new DataKeySupply((count) => parts.keys.mint(count));
  }

  /** Makes keys ahead of the first claim. Fails when Postgres is away; claims try again by themselves. */
  prepare(): Promise<void> {
    return this.supply.refill();
  }

  /** Before the connections close: keys that are being made would have nowhere to go. */
  beforeApplicationShutdown(): Promise<void> {
    return this.supply.close();
  }

  async seal(payer: PayerData): Promise<SealedData> {
    const { keyId, key, nonce } = await this.supply.take();
    this.remember(keyId, key);
    const content = Buffer.from(JSON.stringify(payer), 'utf8');
    return {
      keyId,
      box: sealBox(content, { key, nonce, purpose: keyId }).toString('base64url'),
    };
  }

  async open(sealed: SealedData): Promise<PayerData | null> {
    const [payer = null] = await this.openMany([sealed]);
    return payer;
  }

  async openMany(sealed: readonly SealedData[]): Promise<readonly (PayerData | null)[]> {
    const keys = await this.keysOf(new Set(sealed.map(({ keyId }) => keyId)));
    return sealed.map(({ keyId, box }) => {
      const key = keys.get(keyId);
      return key === undefined ? null : readPayer(openBox(bytesOf(box), { key, purpose: keyId }));
    });
  }

  async erase(keyIds: readonly string[]): Promise<void> {
    await this.parts.keys.erase(keyIds);
    for (const keyId of keyIds) this.opened.delete(keyId);
  }

  blindIndex(field: 'phone' | 'document', value: string): string {
    return createHmac('sha256', this.parts.indexKey)
      .update(`${field}:${value}`, 'utf8')
      .digest('base64url');
  }

  private async keysOf(keyIds: ReadonlySet<string>): Promise<ReadonlyMap<string, KeyObject>> {
    const found = new Map<string, KeyObject>();
    const missing: string[] = [];
    for (const keyId of keyIds) {
      const key = this.recall(keyId);
      if (key === null) missing.push(keyId);
      else found.set(keyId, key);
    }
    if (missing.length === 0) return found;
    for (const [keyId, key] of await this.parts.keys.find(missing)) {
      this.remember(keyId, key);
      found.set(keyId, key);
    }
    return found;
  }

  private remember(keyId: string, key: KeyObject): void {
    this.opened.set(keyId, { key, openedAtMs: this.parts.clock.monotonicMs() });
  }

  private recall(keyId: string): KeyObject | null {
    const opened = this.opened.get(keyId);
    if (opened === undefined) return null;
    if (this.parts.clock.monotonicMs() - opened.openedAtMs < FORGET_KEY_AFTER_MS) return opened.key;
    this.opened.delete(keyId);
    return null;
  }
}

const bytesOf = (box: string): Buffer => Buffer.from(box, 'base64url');

// What this vault sealed it may trust; a field added later is absent in older boxes.
const readPayer = (content: Buffer): PayerData => ({
  phone: null,
  document: null,
  name: null,
  concept: null,
  metadata: null,
  ...(JSON.parse(content.toString('utf8')) as Partial<PayerData>),
});
