import { AssertionFailed } from '../../kernel/assert.js';
import { defineEvent } from '../../kernel/event.js';
import { EventCatalog } from './event-catalog.js';
import { EventCodec, UnknownEventType, type RecordedEvent } from './event-codec.js';

const opened = defineEvent<{ readonly holder: string }>()('Opened.v3', {
  'Opened.v1': () => ({ holder: 'nobody' }),
  'Opened.v2': ({ name }: { name: string }) => ({ holder: name }),
});

const catalog = new EventCatalog();
catalog.register([opened]);
const codec = new EventCodec(catalog);

const recorded = (storedAs: string, data: unknown, metadata: unknown = { actor: 'user:1' }) =>
  ({
    eventId: '7c1b1a0e-0000-4000-8000-000000000001',
    storedAs,
    data,
    metadata,
    streamName: 'account-1',
    revision: 0n,
    position: 10n,
    preparePosition: 10n,
    recordedAt: new Date(0),
  }) satisfies RecordedEvent;

describe('reading stored events', () => {
  it('gives the latest version as it is', () => {
    expect(codec.decode(recorded('Opened.v3', { holder: 'Ana' }))?.data).toEqual({ holder: 'Ana' });
  });

  it.each([
    ['Opened.v1', {}, 'nobody'],
    ['Opened.v2', { name: 'Ana' }, 'Ana'],
  ])('turns %s into the latest version', (storedAs, data, holder) => {
    const event = codec.decode(recorded(storedAs, data));
    expect(event).toMatchObject({ type: 'Opened.v3', data: { holder } });
  });

  it('gives a copy of an event all it has', () => {
    const event = codec.decode(recorded('Opened.v2', { name: 'Ana' }));
    expect({ ...event }).toMatchObject({ data: { holder: 'Ana' }, hash: event?.hash });
  });

  it('knows nothing of a name nobody registered', () => {
    expect(codec.decode(recorded('Opened.v4', {}))).toBeNull();
    expect(() => codec.decodeKnown(recorded('Opened.v4', {}))).toThrow(UnknownEventType);
  });

  it('takes an event without our metadata for somebody else’s', () => {
    expect(codec.decode(recorded('Opened.v3', {}, null))).toBeNull();
  });

  it('hashes the stored version, not the one it was turned into', () => {
    const older = codec.decode(recorded('Opened.v2', { name: 'Ana' }));
    const latest = codec.decode(recorded('Opened.v3', { holder: 'Ana' }));
    expect(older?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(older?.hash).not.toBe(latest?.hash);
  });

  it.each([
    ['data', recorded('Opened.v3', { holder: 'Anb' })],
    ['metadata', recorded('Opened.v3', { holder: 'Ana' }, { actor: 'user:2' })],
    ['type', recorded('Opened.v2', { holder: 'Ana' })],
  ])('hashes differently when the %s differs', (_, other) => {
    const one = codec.decode(recorded('Opened.v3', { holder: 'Ana' }));
    expect(codec.decode(other)?.hash).not.toBe(one?.hash);
  });
});

describe('registering events', () => {
  it('lists every name that can be read', () => {
    expect(catalog.storedNames()).toEqual(['Opened.v1', 'Opened.v2', 'Opened.v3']);
  });

  it('takes the same definition twice', () => {
    expect(() => catalog.register([opened])).not.toThrow();
  });

  it('refuses a second owner of a stored name', () => {
    const thief = defineEvent<object>()('Opened.v4', { 'Opened.v2': () => ({}) });
    expect(() => new EventCatalog().register([opened, thief])).toThrow(AssertionFailed);
  });
});
