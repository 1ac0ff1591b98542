import {
  type AllStreamSubscription,
  END,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  type Position,
  streamNameFilter,
  type SubscribeToAllOptions,
} from '@eventstore/db-client';
import { note, notes, type Store, textOf } from './event-store-under-test.js';
import { Follower } from './follower.js';

const typed = (type: string, text = type) => jsonEvent({ type, data: { text } });

export function followingAllContract(store: Store): void {
  const followers: Follower[] = [];
  const follow = (options: SubscribeToAllOptions): Follower => {
    const follower = new Follower(store().client.subscribeToAll(options));
    followers.push(follower);
    return follower;
  };
  /** The position of a first event, so that no rule reads what others have written before. */
  const mark = async (): Promise<Position> => {
    const { position } = await store().append(store().newStream('mark'), note('mark'));
    if (position === undefined) throw new Error('The append was answered without a position.');
    return position;
  };

  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  });

  describe('following $all', () => {
    it('tells the history, that it has caught up, and what is appended, in this order', async () => {
      const fromPosition = await mark();
      const stream = await store().streamOf(2);
      const follower = follow({ fromPosition });
      await follower.untilCaughtUp();
      await store().append(stream, note('live'));
      await follower.until(({ texts }) => expect(texts).toContain('live'));
      const told = follower.story.filter((said) => /^(?:confirmed|0|1|caught up|live)$/.test(said));

      expect(told).toEqual(['confirmed', '0', '1', 'caught up', 'live']);
    });

    it('begins after the position it is told', async () => {
      const stream = store().newStream();
      const first = await store().append(stream, note('first'));
      await store().append(stream, note('second'));
      const follower = follow({ fromPosition: first.position ?? END });
      await follower.untilCaughtUp();

      expect(follower.textsOf(stream)).toEqual(['second']);
    });

    it('tells only what is appended later when it begins at the end', async () => {
      const stream = await store().streamOf(2);
      const follower = follow({ fromPosition: END });
      await follower.untilCaughtUp();
      await store().append(stream, note('later'));

      await follower.until((so) => expect(so.textsOf(stream)).toEqual(['later']));
    });

    it('tells the events of all streams in the order they were appended', async () => {
      const fromPosition = await mark();
      const streams = [store().newStream(), store().newStream()];
      const follower = follow({ fromPosition });
      for (const text of ['a', 'b', 'c', 'd']) {
        await store().append(text < 'c' ? (streams[0] ?? '') : (streams[1] ?? ''), note(text));
      }

      await follower.until(({ texts }) => {
        expect(texts.filter((text) => /^[abcd]$/.test(text))).toEqual(['a', 'b', 'c', 'd']);
      });
    });

    it('may go on from the position of any event it has told', async () => {
      const fromPosition = await mark();
      const stream = await store().streamOf(6);
      const follower = follow({ fromPosition });
      await follower.until((so) => expect(so.textsOf(stream)).toHaveLength(6));
      const third = follower.events.find(
        (event) => event.streamId === stream && textOf(event) === '2',
      );
      const resumed = follow({ fromPosition: third?.position ?? END });
      await resumed.untilCaughtUp();

      expect(resumed.textsOf(stream)).toEqual(['3', '4', '5']);
    });

    it('misses and repeats nothing of what is appended while it catches up', async () => {
      const fromPosition = await mark();
      const stream = await store().streamOf(300);
      const follower = follow({ fromPosition });
      for (let part = 0; part < 20; part += 1) await store().append(stream, notes(10));

      await follower.until(({ events }) => {
        const revisions = events.filter((event) => event.streamId === stream);
        expect(revisions.map(({ revision }) => Number(revision))).toEqual(
          Array.from({ length: 500 }, (_, index) => index),
        );
      });
    });

    it('tells the events of one append together', async () => {
      const fromPosition = await mark();
      const [stream, other] = [store().newStream(), store().newStream()];
      const follower = follow({ fromPosition });
      await Promise.all([
        store().append(stream, notes(20)),
        store().append(other, notes(20)),
        store().append(stream, notes(20)),
      ]);
      await follower.until(({ events }) => expect(events.length).toBeGreaterThanOrEqual(60));
      const texts = follower.events.map(textOf).slice(-60);

      expect(texts).toEqual([...notes(20), ...notes(20), ...notes(20)].map(textOfProposed));
    });

    it('shows metadata and tombstones too', async () => {
      const fromPosition = await mark();
      const stream = await store().streamOf(1);
      const follower = follow({ fromPosition });
      await store().client.setStreamMetadata(stream, { maxCount: 5 });
      await store().client.tombstoneStream(stream);

      await follower.until(({ events }) => {
        const types = events.filter(({ streamId }) => streamId.endsWith(stream));
        expect(types.map(({ type }) => type)).toEqual(['Noted', '$metadata', '$streamDeleted']);
      });
    });
  });

  describe('filtering $all on the server', () => {
    /** One stream of each kind, then what a follower with this filter was told about them. */
    const told = async (filter: (names: { one: string; two: string }) => SubscribeToAllOptions) => {
      const names = { one: store().newStream('one'), two: store().newStream('two') };
      const fromPosition = await mark();
      await store().append(names.one, [typed('Alpha'), typed('Beta')]);
      await store().append(names.two, [typed('Gamma'), typed('Alphabet')]);
      const follower = follow({ fromPosition, ...filter(names) });
      await follower.untilCaughtUp();
      await store().append(names.one, [typed('AlphaLive'), typed('BetaLive')]);
      await store().append(names.two, typed('GammaLive'));
      return {
        ...names,
        hears: (texts: string[]) =>
          follower.until(({ events }) => {
            const mine = events.filter(({ streamId }) => Object.values(names).includes(streamId));
            expect(mine.map(textOf)).toEqual(texts);
          }),
      };
    };

    it('takes the prefix of a stream name', async () => {
      const { hears } = await told(({ one }) => ({
        filter: streamNameFilter({ prefixes: [one] }),
      }));

      await hears(['Alpha', 'Beta', 'AlphaLive', 'BetaLive']);
    });

    it('takes several prefixes, any of which may fit', async () => {
      const { hears } = await told(({ one, two }) => ({
        filter: streamNameFilter({ prefixes: [one, two] }),
      }));

      await hears(['Alpha', 'Beta', 'Gamma', 'Alphabet', 'AlphaLive', 'BetaLive', 'GammaLive']);
    });

    it('takes a regular expression for the stream name', async () => {
      const { hears } = await told(({ two }) => ({
        filter: streamNameFilter({ regex: `^${two}$` }),
      }));

      await hears(['Gamma', 'Alphabet', 'GammaLive']);
    });

    it('takes the prefix of an event type', async () => {
      const { hears } = await told(() => ({ filter: eventTypeFilter({ prefixes: ['Alpha'] }) }));

      await hears(['Alpha', 'Alphabet', 'AlphaLive']);
    });

    it('takes a regular expression for the event type', async () => {
      const { hears } = await told(() => ({
        filter: eventTypeFilter({ regex: '^(Beta|Gamma)$' }),
      }));

      await hears(['Beta', 'Gamma']);
    });

    it('looks at prefixes case by case', async () => {
      const { hears } = await told(() => ({
        filter: eventTypeFilter({ prefixes: ['alpha', 'GammaL'] }),
      }));

      await hears(['GammaLive']);
    });

    it('leaves out the events of the system when asked to', async () => {
      const fromPosition = await mark();
      const stream = await store().streamOf(1);
      await store().client.setStreamMetadata(stream, { maxCount: 5 });
      await store().append(stream, note('after'));
      const follower = follow({ fromPosition, filter: excludeSystemEvents() });
      await follower.until((so) => expect(so.textsOf(stream)).toEqual(['0', 'after']));

      expect(follower.events.filter(({ type }) => type.startsWith('$'))).toEqual([]);
    });

    it('says that it has caught up although nothing fits', async () => {
      const fromPosition = await mark();
      await store().streamOf(40);
      const filter = streamNameFilter({ prefixes: [store().newStream('nobody')] });
      const follower = follow({ fromPosition, filter });
      await follower.untilCaughtUp();

      expect(follower.events).toEqual([]);
    });
  });

  describe('marking how far a filtered follower has come', () => {
    const checkpoints: Position[] = [];
    const reached = (_: AllStreamSubscription, position: Position): Promise<void> => {
      checkpoints.push(position);
      return Promise.resolve();
    };

    beforeEach(() => {
      checkpoints.length = 0;
    });

    it('sends a checkpoint after so many events looked at, although none fits', async () => {
      const fromPosition = await mark();
      await store().streamOf(200);
      const filter = streamNameFilter({
        prefixes: [store().newStream('nobody')],
        maxSearchWindow: 10,
        checkpointInterval: 2,
        checkpointReached: reached,
      });
      const follower = follow({ fromPosition, filter });
      await follower.untilCaughtUp();

      expect(checkpoints.at(-1)?.commit).toBeGreaterThan(fromPosition.commit);
    });

    it('sends checkpoints while it is live', async () => {
      const filter = streamNameFilter({
        prefixes: [store().newStream('nobody')],
        maxSearchWindow: 5,
        checkpointInterval: 1,
        checkpointReached: reached,
      });
      const follower = follow({ fromPosition: END, filter });
      await follower.untilCaughtUp();
      const before = checkpoints.length;
      const { position } = await store().append(store().newStream(), note());
      await store().append(store().newStream(), notes(20));

      await follower.until(() => {
        expect(checkpoints.length).toBeGreaterThan(before);
        expect(checkpoints.at(-1)?.commit).toBeGreaterThanOrEqual(position?.commit ?? 0n);
      });
    });

    it('marks where it is from then on, and since 24.6 never a place before one it has marked', async () => {
      const fromPosition = await mark();
      await store().streamOf(100);
      const filter = streamNameFilter({
        prefixes: ['nobody'],
        maxSearchWindow: 10,
        checkpointInterval: 1,
        checkpointReached: reached,
      });
      const follower = follow({ fromPosition, filter });
      await follower.untilCaughtUp();
      await store().append(store().newStream(), notes(30));
      const last = await mark();
      await store().append(store().newStream(), notes(10));
      await follower.until(() => {
        expect(checkpoints.at(-1)?.commit).toBeGreaterThanOrEqual(last.commit);
      });
      const commits = checkpoints.map(({ commit }) => commit);

      // 23.10 marks the start of a page while it catches up, which may be behind what it marked before.
      const [major, minor] = await store().version();
      const goesOn = commits.every((at, index) => at >= (commits[index - 1] ?? 0n));

      expect(goesOn || major < 24 || (major === 24 && minor < 6)).toBe(true);
    });

    it('loses nothing that fits for one who goes on from any checkpoint', async () => {
      const fromPosition = await mark();
      const stream = store().newStream('wanted');
      for (let part = 0; part < 8; part += 1) {
        await store().append(store().newStream(), notes(15));
        await store().append(stream, note(String(part)));
      }
      const told = new Map<Position, number>();
      const filter = {
        ...streamNameFilter({ prefixes: [stream], maxSearchWindow: 10, checkpointInterval: 1 }),
        checkpointReached: (_: AllStreamSubscription, position: Position): Promise<void> => {
          told.set(position, follower.events.length);
          return Promise.resolve();
        },
      };
      const follower: Follower = follow({ fromPosition, filter });
      await follower.untilCaughtUp();
      const missed: unknown[] = [];
      for (const [position, count] of told) {
        const resumed = follow({
          fromPosition: position,
          filter: streamNameFilter({ prefixes: [stream] }),
        });
        await resumed.untilCaughtUp();
        const expected = follower.texts
          .slice(count)
          .filter((text) => !resumed.texts.includes(text));
        missed.push(...expected);
      }

      expect([told.size > 0, missed]).toEqual([true, []]);
    });
  });
}

const textOfProposed = ({ data }: ReturnType<typeof note>): string =>
  textOf({ data } as Parameters<typeof textOf>[0]);
