import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { ListedLog } from '../../../test/support/listed-log.js';
import { defineEvent, type Event } from '../../kernel/event.js';
import { accept, reject } from '../../kernel/rejection.js';
import { EventCodec, type RecordedEvent } from '../event-store/event-codec.js';
import { EventStoreCommandRunner } from '../event-store/event-store-command-runner.js';
import { anchorKeyFrom, signAnchor, type Anchor } from './anchor.js';
import { audited } from './audited-category.js';
import type { Finding } from './finding.js';
import { markAfter, type LogMark } from './log-digest.js';
import { LogWalk } from './log-walk.js';

const added = defineEvent<{ readonly amount: number; readonly note: string }>()('Added.v1');
type Added = Event<'Added.v1', { readonly amount: number; readonly note: string }>;

const decide = (total: number, amount: number, note: string) =>
  total + amount > 100 ? reject('too_much') : accept<Added>(added({ amount, note }));
const aggregate = {
  initialState: 0,
  evolve: (total: number, { data }: Added) => total + data.amount,
};
const sums = audited<number, Added>({
  category: 'sum',
  aggregate,
  retry: ({ before, event }) => decide(before, event.data.amount, event.data.note),
});

const key = anchorKeyFrom(Buffer.alloc(32, 1));
const context = {
  actor: 'user:1',
  requestId: 'request-1',
  correlationId: 'c',
  causationId: 'c',
  traceId: null,
};

let events: RecordedEvent[];
let codec: EventCodec;

/** Three streams of four events each, told in turns. */
beforeEach(async () => {
  const store = new InMemoryEventStore([added]);
  const runner = new EventStoreCommandRunner(store);
  for (let round = 0; round < 4; round += 1) {
    for (const stream of ['a', 'b', 'c']) {
      await runner.run({
        streamName: `sum-${stream}`,
        aggregate,
        commandId: `${stream}${round}`,
        context,
        decide: (total) => decide(total, 20, `Añadido ${round}`),
      });
    }
  }
  events = [...store.stored()];
  codec = new EventCodec(store.catalog);
});

const markOf = (log: readonly RecordedEvent[]): LogMark => {
  const mark = log.reduce<LogMark | null>(markAfter, null);
  if (mark === null) throw new Error('the log is empty');
  return mark;
};

const walk = async (
  log: readonly RecordedEvent[],
  anchors: readonly Anchor[] = [],
  remembered = 100,
) => {
  const reader = new ListedLog(log);
  const parts = { reader, codec, categories: [sums], anchors, anchorKey: key };
  const findings: Finding[] = [];
  const walking = new LogWalk(parts, remembered).findings();
  for (;;) {
    const step = await walking.next();
    if (step.done === true) return { findings, result: step.value, reader };
    findings.push(step.value);
  }
};

const kinds = async (log: readonly RecordedEvent[], anchors: readonly Anchor[] = []) =>
  (await walk(log, anchors)).findings.map(
    ({ kind, streamName, revision }) => `${kind} ${streamName ?? ''}@${revision ?? ''}`,
  );

const at = (index: number): RecordedEvent => {
  const event = events[index];
  if (event === undefined) throw new Error('there is no such event');
  return event;
};

const withEvent = (index: number, over: Partial<RecordedEvent>): RecordedEvent[] =>
  events.with(index, { ...at(index), ...over });

/** What the client makes of JSON text: the text itself, or the bytes of metadata, where it is no JSON any more. */
const reread = (text: string, otherwise: (text: string) => unknown): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise(text);
  }
};

describe('walking a sound log', () => {
  it('finds nothing, and counts what it saw', async () => {
    const { findings, result } = await walk(events, [signAnchor(markOf(events), new Date(0), key)]);

    expect(findings).toEqual([]);
    expect(result).toMatchObject({ streams: 3n, anchorsMet: 1, withoutChecksum: 0n });
    expect(result.end?.events).toBe(12n);
  });

  it('reads streams again rather than remember them all', async () => {
    const { findings, reader } = await walk(events, [], 1);

    expect(findings).toEqual([]);
    expect(reader.readAgain).toHaveLength(9);
  });
});

describe('finding one flipped byte', () => {
  it.each([
    ['in the middle of a stream', 4],
    ['at the end of a stream, where no later event vouches for it', 11],
  ])('names the event %s, whichever byte of its data and metadata it is', async (_, index) => {
    const { data, metadata, streamName, revision } = at(index);
    for (const [part, value] of Object.entries({ data, metadata })) {
      const bytes = Buffer.from(JSON.stringify(value));
      for (let byte = 0; byte < bytes.length; byte += 1) {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(byte) ^ 1, byte);
        const read = reread(flipped.toString('utf8'), (text) =>
          part === 'data' ? text : new Uint8Array(flipped),
        );
        const { findings } = await walk(withEvent(index, { [part]: read }));
        expect([part, byte, findings[0]]).toEqual([
          part,
          byte,
          expect.objectContaining({ streamName, revision }),
        ]);
      }
    }
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['id', { eventId: '7c1b1a0e-0000-4000-8000-000000000001' }],
    ['type', { storedAs: 'Addee.v1' }],
    ['stream', { streamName: 'sum-z' }],
    ['category', { streamName: 'tum-b' }],
  ])('names an event whose %s was changed', async (_, over) => {
    expect(await kinds(withEvent(4, over))).toContain(
      `event_changed ${over.streamName ?? 'sum-b'}@1`,
    );
  });

  it('names an event that an anchor alone vouches for', async () => {
    const anchor = signAnchor(markOf(events), new Date(0), key);
    const later = new Date(at(4).recordedAt.getTime() + 1);

    expect(await kinds(withEvent(4, { recordedAt: later }), [anchor])).toEqual([
      'anchor_differs @',
    ]);
  });
});

describe('finding what is not there', () => {
  it('names the place of an event that was taken out', async () => {
    expect(await kinds(events.toSpliced(4, 1))).toEqual(['revision_gap sum-b@2']);
  });

  it('names a stream whose event was exchanged for another one', async () => {
    const { metadata, data } = at(4);
    const forged = withEvent(4, {
      data: { ...(data as object), amount: 1 },
      metadata: { ...(metadata as object), checksum: undefined },
    });

    expect(await kinds(forged)).toContain('chain_broken sum-b@2');
  });

  it('finds a truncated tail by an anchor, and says how much is missing', async () => {
    const anchor = signAnchor(markOf(events), new Date(0), key);
    const { findings } = await walk(events.slice(0, 9), [anchor]);

    expect(findings).toEqual([
      expect.objectContaining({ kind: 'tail_missing', position: at(8).position }),
    ]);
    expect(findings[0]?.detail).toMatch(/counts 12 events .*holds 9 /);
  });

  it('finds a tail that was truncated and written anew', async () => {
    const anchor = signAnchor(markOf(events), new Date(0), key);
    const anew = [...events.slice(0, 9), { ...at(0), streamName: 'other-1', position: 10_000n }];

    expect(await kinds(anew, [anchor])).toContain('anchor_differs @');
  });

  it('trusts no anchor that somebody else signed', async () => {
    const other = anchorKeyFrom(Buffer.alloc(32, 2));

    expect(await kinds(events, [signAnchor(markOf(events), new Date(0), other)])).toEqual([
      'anchor_forged @',
    ]);
  });
});

describe('deciding again', () => {
  it('names a decision that the rules would not have taken', async () => {
    const store = new InMemoryEventStore([added]);
    const runner = new EventStoreCommandRunner(store);
    for (const amount of [60, 60]) {
      await runner.run({
        streamName: 'sum-x',
        aggregate,
        commandId: `x${store.stored().length}`,
        context,
        decide: () => accept(added({ amount, note: '' })),
      });
    }
    const { findings } = await walk(store.stored());

    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'decision_differs',
        revision: 1n,
        detail: 'the rules refuse it: too_much',
      }),
    ]);
  });
});
