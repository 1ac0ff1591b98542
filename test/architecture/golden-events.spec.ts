import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sha256Hex } from '../../src/kernel/ids.js';
import {
  EventCatalog,
  type RegisteredEvent,
} from '../../src/platform/event-store/event-catalog.js';
import { EventCodec } from '../../src/platform/event-store/event-codec.js';
import { evolve, initialState } from '../../src/transactions/domain/transaction.js';
import {
  transactionEvents,
  type TransactionEvent,
} from '../../src/transactions/events/transaction.event.js';
import { happened } from '../support/a-transaction.js';
import { sourceFiles } from './source-files.js';

/** What was stored once. */
interface GoldenEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Files are written once and never edited: what is in the log cannot be edited either. */
const WRITTEN: Readonly<Record<string, string>> = {
  'AskAnswered.v1': '259ee7ec0b7d105c381e9ad56de0837613740c2c044a4eb98d8ef7332d3cf9fa',
  'AskStarted.v1': '67acac29cbd0b4ed997840dc50e74d4473a7bb5c5156d7c351f0c927156252bc',
  'BindingProposed.v1': 'f4608ee277f8e760752c23249ee34d827811473e5bc60bc56da3fd1493771343',
  'BindingRefused.v1': '9bce29c59a6df1267f70d36e620947ad36a96b76ff76201a84321eae28c77fdf',
  'BindingRefused.v2': '5134f7c59ee75ff0e3ae4081f5bd549aeca541e069812a1057af30e34c5ee7ce',
  'DayClosed.v1': '3138ca8d90e887877a6331b1d1396b8baefb3e8ac9db123e7653af3ad03308ad',
  'MovementBound.v1': 'b8b176b4f96007f09f57bf34c184302fb1f58685b0c0d360c797b594a2c7b2aa',
  'MovementObserved.v1': '623f41afcd0a62dd34a84205ed0544a9ac1c31e6d2f78e3c2a3cfc16908057eb',
  'MovementReleased.v1': '79cded29ae94576f35b1f26f50afb9cf7607932bebf7830d66cb93b7f609414b',
  'PersonalDataErased.v1': '7d59e0ebcc8e506a1768bd939e7ea80f44f7a140d28dac19e20a3697e6c23766',
  'SecurityActRecorded.v1': '3949f2790f064c8f2d9512dbb70ce8857ceff2ff3be51266df41e274c093320a',
  'SweepAnswered.v1': 'd30d213e47e2fea5261b92a77109d55d5e3968e94b175c76bc8f5fed0c103e1a',
  'SweepStarted.v1': '6d45c875c1a9b4508e9d084d8a767210d99676f8934566a1c86777e98aad2857',
  'TransactionCorrected.v1': '60bc27abaf1ecd4944d2b3cc01ee6e9f31e2db4b4b05fe95ea664f3ee249eee4',
  'NaturalKeyReserved.v1': '803d424b3c9584296b180b6857d8af15bba29a58b5e1ee0423f3f8993824b9a4',
  'VerificationRequested.v1': '94eb5c798061743f5b815e957b5e36ef821ba33d4999be7bb30453700bb3cbe8',
  'TransactionCancelled.v1': 'e9c12ad3b9048a7955b0b32fc75249fa15abec52eb3e6e9d57207a36b6baaef3',
  'TransactionExpired.v1': '64904431822fda8d26d5fdf5b49dfbcdf82a0a9b91d011ca0c90804fa4439594',
  'TransactionFlaggedForReview.v1':
    '122d4d5910b61c47fd0c616a905a075b2a3da011b9ad8bc029fe9b1142d81dbd',
  'TransactionRejected.v1': '0c1638678d0295454f10843fece319fa67b0b534df0a9701bd40238f70ee5848',
  'TransactionReturnedToPending.v1':
    'd9d17242004fa3236ffab6eba9eaa0b8f916d628d537b2701ed4879dd619c6af',
  'TransactionReversed.v1': '02107bd3dde8932a2e0f34edd6b9d4cc6e074fcf4572738fb9f564b743ee70ef',
  'TransactionSubmitted.v1': '376b4b90442ac11a5b653234f77fd30efa941d4b1007b3d2419f36acda9bfa00',
  'TransactionVerified.v1': 'e2049c3dc2102336d5358c269b313d231ae248b1d7ab56243fdb35e7e751da06',
};

const folder = resolve(import.meta.dirname, '../fixtures/events');
const textOf = (storedAs: string): string =>
  readFileSync(resolve(folder, `${storedAs}.json`), 'utf8');
/** What it is read as today, which may change; only older versions have such a file. */
const readAsFolder = resolve(import.meta.dirname, '../fixtures/events-read-as');
const readAs = (storedAs: string): GoldenEvent =>
  JSON.parse(readFileSync(resolve(readAsFolder, `${storedAs}.json`), 'utf8')) as GoldenEvent;
const golden = (storedAs: string): GoldenEvent => JSON.parse(textOf(storedAs)) as GoldenEvent;

const isDefinition = (value: unknown): value is RegisteredEvent =>
  typeof value === 'function' && 'type' in value && 'upcasters' in value;

const definitions = async (): Promise<readonly RegisteredEvent[]> => {
  const paths = sourceFiles()
    .map(({ path }) => path)
    .filter((path) => path.startsWith('src/') && path.endsWith('.event.ts'));
  const modules: Record<string, unknown>[] = await Promise.all(
    paths.map((path) => import(resolve(import.meta.dirname, '../..', path))),
  );
  return [...new Set(modules.flatMap((module) => Object.values(module)).filter(isDefinition))];
};

describe('reading every event that was ever stored', () => {
  const catalog = new EventCatalog();
  const codec = new EventCodec(catalog);

  beforeAll(async () => {
    catalog.register(await definitions());
  });

  it('has one golden file for each version in the code, and none for others', () => {
    const files = readdirSync(folder).map((name) => name.replace(/\.json$/, ''));

    expect(files.sort()).toEqual(catalog.storedNames());
    expect(Object.keys(WRITTEN).sort()).toEqual(catalog.storedNames());
  });

  it('says what each older version is read as, and of no other', () => {
    const older = catalog.storedNames().filter((name) => catalog.reading(name)?.upcast !== null);

    expect(readdirSync(readAsFolder).sort()).toEqual(older.map((name) => `${name}.json`));
    expect(older.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(WRITTEN))('keeps %s as it was written', (storedAs, digest) => {
    expect(sha256Hex(textOf(storedAs))).toBe(digest);
  });

  it.each(Object.keys(WRITTEN))('reads %s as the version of today', (storedAs) => {
    const { type, data } = golden(storedAs);
    const isOld = catalog.reading(storedAs)?.upcast !== null;
    const read = codec.decodeKnown({
      eventId: '0b7c5f4e-6a52-4f0d-9a55-2d2f0a1c7e11',
      storedAs: type,
      data,
      metadata: { actor: 'process:test' },
      streamName: 'transaction-2433e439-4903-505f-b4f1-e203c1e59335',
      revision: 0n,
      position: 0n,
      preparePosition: 0n,
      recordedAt: new Date(0),
    });

    expect({ type: read.type, data: read.data }).toEqual(isOld ? readAs(storedAs) : { type, data });
  });

  it('leaves no field of an event out of its golden file', () => {
    for (const event of Object.values(happened).map((build) => build())) {
      const { data } = golden(event.type);

      expect([event.type, Object.keys(data).sort()]).toEqual([
        event.type,
        Object.keys(event.data).sort(),
      ]);
    }
  });

  it('follows a transaction through all of them', () => {
    // A reserved key has a stream of its own, which no transaction follows.
    const own = transactionEvents.filter(({ type }) => type !== 'NaturalKeyReserved.v1');
    const history = own.map(({ type }) => golden(type) as unknown as TransactionEvent);
    const state = history.reduce(evolve, initialState);

    expect(state).toMatchObject({ status: 'pending', revision: own.length - 1 });
  });
});
