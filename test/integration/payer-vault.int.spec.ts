import { sql } from 'kysely';
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { SystemRandomSource } from '../../src/kernel/ids.js';
import { PostgresConnection } from '../../src/platform/database/postgres-connection.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { DataKeyStore } from '../../src/platform/personal-data/data-key.store.js';
import type { PayerData } from '../../src/platform/personal-data/personal-data.js';
import { MasterKeys } from '../../src/platform/personal-data/master-keys.js';
import { BoxUnreadable } from '../../src/platform/personal-data/sealed-box.js';
import { StoredPersonalDataVault } from '../../src/platform/personal-data/stored-personal-data-vault.js';
import { freshDatabase, type TestDatabase } from '../support/stores.js';
import { TestClock } from '../support/test-clock.js';

const payer: PayerData = {
  phone: '+584121234567',
  document: 'V12345678',
  name: 'Persona de Prueba',
  concept: 'pedido 17',
  metadata: { table: '4' },
};

const aKey = () => createSecretKey(randomBytes(32));
const masterKey = aKey();
const indexKey = aKey();

let database: TestDatabase;
let db: PostgresConnection;
const metrics = new Metrics();
let clock: TestClock;
let vault: StoredPersonalDataVault;

const keyStore = (master = masterKey, previous: KeyObject | null = null): DataKeyStore =>
  new DataKeyStore(db, new MasterKeys(master, previous), new SystemRandomSource());

const aVault = (
  master = masterKey,
  index = indexKey,
  previous: KeyObject | null = null,
): StoredPersonalDataVault => {
  const keys = keyStore(master, previous);
  return new StoredPersonalDataVault({ keys, indexKey: index, clock });
};

const erase = (keyId: string) =>
  db.kysely
    .updateTable('state.data_key')
    .set({ wrapped_key: null, erased_at: sql`now()` })
    .where('key_id', '=', keyId)
    .execute();

beforeAll(async () => {
  database = await freshDatabase();
  db = new PostgresConnection(
    { url: database.url, poolSize: 4, onConnectionFailure: () => undefined },
    metrics,
  );
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

beforeEach(() => {
  clock = new TestClock();
  vault = aVault();
});

describe('sealing what a payer tells', () => {
  it('opens to the same in another process', async () => {
    expect(await aVault().open(await vault.seal(payer))).toEqual(payer);
  });

  it('has the key on disk before it returns', async () => {
    const { keyId } = await vault.seal(payer);
    const row = await db.kysely
      .selectFrom('state.data_key')
      .select('wrapped_key')
      .where('key_id', '=', keyId)
      .executeTakeFirst();
    expect(row?.wrapped_key).toHaveLength(61);
  });

  it('uses a key of its own for every claim', async () => {
    const sealed = await Promise.all(Array.from({ length: 300 }, () => vault.seal(payer)));
    expect(new Set(sealed.map(({ keyId }) => keyId)).size).toBe(300);
    expect(new Set(sealed.map(({ box }) => box)).size).toBe(300);
  });

  it('asks nothing of the database once keys are ready', async () => {
    await vault.prepare();
    const before = await metrics.dbQueries.get();
    await Promise.all(Array.from({ length: 100 }, () => vault.seal(payer)));
    expect(await metrics.dbQueries.get()).toEqual(before);
  });

  it('shows nothing of it in the box', async () => {
    const { box } = await vault.seal(payer);
    const bytes = Buffer.from(box, 'base64url').toString('latin1');
    for (const secret of ['4121234567', '12345678', 'Prueba', 'pedido']) {
      expect(bytes).not.toContain(secret);
    }
  });
});

describe('opening many at once', () => {
  it('answers in the order asked, null for what was erased', async () => {
    const one = await vault.seal({ ...payer, name: 'Uno' });
    const gone = await vault.seal(payer);
    const two = await vault.seal({ ...payer, name: 'Dos' });
    await erase(gone.keyId);
    const opened = await aVault().openMany([two, gone, one, two]);
    expect(opened.map((each) => each?.name ?? null)).toEqual(['Dos', null, 'Uno', 'Dos']);
  });

  it('forgets an opened key within a minute of its erasure elsewhere', async () => {
    const sealed = await vault.seal(payer);
    await erase(sealed.keyId);
    clock.advance(60_000);
    expect(await vault.open(sealed)).toBeNull();
  });
});

describe('keeping keys apart', () => {
  it('opens nothing under another master key', async () => {
    const sealed = await vault.seal(payer);
    await expect(aVault(aKey()).open(sealed)).rejects.toThrow(BoxUnreadable);
  });

  it('does not open a key that was moved to another row', async () => {
    const [one, other] = [await vault.seal(payer), await vault.seal(payer)];
    await sql`update state.data_key set wrapped_key =
      (select wrapped_key from state.data_key where key_id = ${one.keyId})
      where key_id = ${other.keyId}`.execute(db.kysely);
    await expect(aVault().open(other)).rejects.toThrow(BoxUnreadable);
  });
});

describe('exchanging the master key', () => {
  const rotate = async (to: KeyObject, from: KeyObject, atOnce = 1_000): Promise<number> => {
    const keys = keyStore(to, from);
    let rewrapped = 0;
    for (let after: string | null = null; ;) {
      const step = await keys.rewrap(after, atOnce);
      if (step === null) return rewrapped;
      rewrapped += step.rewrapped;
      after = step.upTo;
    }
  };

  beforeEach(async () => {
    await sql`delete from state.data_key`.execute(db.kysely);
    // Keys that are made while the others are locked anew would be locked with the key before.
    await vault.prepare();
  });

  it('opens what was sealed before, during and after it', async () => {
    const next = aKey();
    const before = await vault.seal(payer);
    const during = await aVault(next, indexKey, masterKey).seal(payer);
    expect(await aVault(next, indexKey, masterKey).openMany([before, during])).toEqual([
      payer,
      payer,
    ]);
    expect(await rotate(next, masterKey, 100)).toBeGreaterThan(0);
    expect(await aVault(next).openMany([before, during])).toEqual([payer, payer]);
    await expect(aVault().open(before)).rejects.toThrow(BoxUnreadable);
  });

  it('changes nothing the second time', async () => {
    const next = aKey();
    await vault.seal(payer);
    await rotate(next, masterKey);
    expect(await rotate(next, masterKey)).toBe(0);
  });

  it('brings no erased key back', async () => {
    const next = aKey();
    const sealed = await vault.seal(payer);
    await vault.erase([sealed.keyId]);
    await rotate(next, masterKey);
    expect(await aVault(next, indexKey, masterKey).open(sealed)).toBeNull();
  });

  it('stops at a key that neither of the two opens', async () => {
    await vault.seal(payer);
    await expect(rotate(aKey(), aKey())).rejects.toThrow(BoxUnreadable);
  });
});

describe('erasing a key', () => {
  it('opens nothing any more, here at once', async () => {
    const sealed = await vault.seal(payer);
    await vault.erase([sealed.keyId]);
    expect(await vault.open(sealed)).toBeNull();
    await expect(vault.erase([sealed.keyId])).resolves.toBeUndefined();
  });
});

describe('finding by what is not stored', () => {
  it('gives the same index for the same value, field and key only', () => {
    const index = vault.blindIndex('phone', '+584121234567');
    expect(aVault().blindIndex('phone', '+584121234567')).toBe(index);
    expect(vault.blindIndex('phone', '+584121234568')).not.toBe(index);
    expect(vault.blindIndex('document', '+584121234567')).not.toBe(index);
    expect(aVault(masterKey, aKey()).blindIndex('phone', '+584121234567')).not.toBe(index);
  });
});
