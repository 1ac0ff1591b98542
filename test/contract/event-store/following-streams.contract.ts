import { END, StreamDeletedError, type SubscribeToStreamOptions } from '@eventstore/db-client';
import { note, notes, type Store } from './event-store-under-test.js';
import { Follower } from './follower.js';

const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${index}`);

export function followingStreamsContract(store: Store): void {
  describe('following a stream', () => {
    const followers: Follower[] = [];
    const follow = (stream: string, options: SubscribeToStreamOptions = {}): Follower => {
      const follower = new Follower(store().client.subscribeToStream(stream, options));
      followers.push(follower);
      return follower;
    };

    afterEach(async () => {
      await Promise.all(followers.splice(0).map((follower) => follower.stop()));
    });

    it('tells the history, that it has caught up, and what is appended, in this order', async () => {
      const stream = await store().streamOf(3);
      const follower = follow(stream);
      await follower.untilCaughtUp();
      await store().append(stream, note('live'));

      await follower.until(({ story }) =>
        expect(story).toEqual(['confirmed', '0', '1', '2', 'caught up', 'live']),
      );
    });

    it('begins after the revision it is told', async () => {
      const follower = follow(await store().streamOf(5), { fromRevision: 2n });
      await follower.untilCaughtUp();

      expect(follower.texts).toEqual(['3', '4']);
    });

    it('has nothing to tell after the last revision', async () => {
      const follower = follow(await store().streamOf(5), { fromRevision: 4n });
      await follower.untilCaughtUp();

      expect(follower.texts).toEqual([]);
    });

    it('tells only what is appended later when it begins at the end', async () => {
      const stream = await store().streamOf(5);
      const follower = follow(stream, { fromRevision: END });
      await follower.untilCaughtUp();
      await store().append(stream, note('later'));

      await follower.until(({ texts }) => expect(texts).toEqual(['later']));
    });

    it('waits for a stream that does not exist', async () => {
      const stream = store().newStream();
      const follower = follow(stream);
      await follower.untilConfirmed();
      await store().append(stream, [note('first'), note('second')]);

      await follower.until(({ texts }) => expect(texts).toEqual(['first', 'second']));
    });

    it('tells nothing of other streams', async () => {
      const [stream, other] = [await store().streamOf(1), await store().streamOf(1)];
      const follower = follow(stream);
      await follower.untilCaughtUp();
      await store().append(other, note('other'));
      await store().append(stream, note('own'));

      await follower.until(({ texts }) => expect(texts).toEqual(['0', 'own']));
    });

    it('misses and repeats nothing of a long history', async () => {
      const stream = store().newStream();
      for (let part = 0; part < 3; part += 1) await store().append(stream, notes(200));
      const follower = follow(stream);
      await follower.untilCaughtUp();

      expect(follower.events.map(({ revision }) => `${revision}`)).toEqual(numbers(600));
    });

    it('misses and repeats nothing of what is appended while it catches up', async () => {
      const stream = await store().streamOf(200);
      const follower = follow(stream);
      for (let part = 0; part < 20; part += 1) await store().append(stream, notes(10));

      await follower.until(({ events }) =>
        expect(events.map(({ revision }) => `${revision}`)).toEqual(numbers(400)),
      );
    });

    it('keeps the order of what is appended while it is live', async () => {
      const stream = await store().streamOf(0);
      const follower = follow(stream);
      await follower.untilConfirmed();
      for (const text of numbers(30)) await store().append(stream, note(text));

      await follower.until(({ texts }) => expect(texts).toEqual(numbers(30)));
    });

    it('tells every follower', async () => {
      const stream = await store().streamOf(1);
      const several = [follow(stream), follow(stream), follow(stream)];
      await Promise.all(several.map((follower) => follower.untilCaughtUp()));
      await store().append(stream, note('live'));

      for (const follower of several) {
        await follower.until(({ texts }) => expect(texts).toEqual(['0', 'live']));
      }
    });

    it('says once that it has caught up, however much is appended', async () => {
      const stream = await store().streamOf(1);
      const follower = follow(stream);
      await follower.untilCaughtUp();
      for (const event of notes(10)) await store().append(stream, event);
      await follower.until(({ events }) => expect(events).toHaveLength(11));

      expect(follower.story.filter((said) => said === 'caught up')).toHaveLength(1);
    });

    it('tells nothing more once it is stopped', async () => {
      const stream = await store().streamOf(1);
      const [stopped, going] = [follow(stream), follow(stream)];
      await Promise.all([stopped.untilCaughtUp(), going.untilCaughtUp()]);
      await stopped.stop();
      await store().append(stream, note('after'));
      await going.until(({ texts }) => expect(texts).toEqual(['0', 'after']));

      expect(stopped.texts).toEqual(['0']);
    });

    it('begins at what is still to be seen of a truncated stream', async () => {
      const stream = await store().streamOf(5);
      await store().client.setStreamMetadata(stream, { truncateBefore: 3 });
      const follower = follow(stream);
      await follower.untilCaughtUp();

      expect(follower.texts).toEqual(['3', '4']);
    });

    it('goes on when the stream is deleted and written again', async () => {
      const stream = await store().streamOf(2);
      const follower = follow(stream);
      await follower.untilCaughtUp();
      await store().client.deleteStream(stream);
      await store().append(stream, note('again'));

      await follower.until(({ texts }) => expect(texts).toEqual(['0', '1', 'again']));
    });

    it('ends when the stream is tombstoned', async () => {
      const stream = await store().streamOf(1);
      const follower = follow(stream);
      await follower.untilCaughtUp();
      await store().client.tombstoneStream(stream);

      await follower.until(({ error }) => expect(error).toBeInstanceOf(StreamDeletedError));
    });

    it('ends at once when the stream is tombstoned already', async () => {
      const stream = await store().streamOf(1);
      await store().client.tombstoneStream(stream);
      const follower = follow(stream);

      await follower.until(({ error }) => expect(error).toBeInstanceOf(StreamDeletedError));
    });

    it('tells events with the positions that $all shows', async () => {
      const stream = store().newStream();
      const answer = await store().append(stream, note());
      const follower = follow(stream);
      await follower.untilCaughtUp();

      expect(follower.events.map(({ position }) => position)).toEqual([answer.position]);
    });
  });
}
