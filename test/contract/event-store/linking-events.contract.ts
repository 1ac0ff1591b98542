import { binaryEvent, END, type ResolvedEvent } from '@eventstore/db-client';
import { note, type Store, textOf } from './event-store-under-test.js';
import { Follower } from './follower.js';

const linkTo = (stream: string, revision: number) =>
  binaryEvent({ type: '$>', data: Buffer.from(`${revision}@${stream}`) });

export function linkingEventsContract(store: Store): void {
  describe('linking to events of other streams', () => {
    const readOne = async (stream: string, resolveLinkTos: boolean): Promise<ResolvedEvent> => {
      for await (const event of store().client.readStream(stream, { resolveLinkTos })) return event;
      throw new Error('The stream is empty.');
    };
    /** A stream with one event, and one with a link to it. */
    const linked = async () => {
      const [target, links] = [await store().streamOf(2), store().newStream('links')];
      const answer = await store().append(links, linkTo(target, 1));
      return { target, links, position: answer.position };
    };

    it('shows the link itself unless asked to resolve it', async () => {
      const { target, links } = await linked();
      const { event, link } = await readOne(links, false);

      expect([event?.type, Buffer.from(event?.data as Uint8Array).toString(), link]).toEqual([
        '$>',
        `1@${target}`,
        undefined,
      ]);
    });

    it('shows the event that the link leads to', async () => {
      const { target, links } = await linked();
      const { event } = await readOne(links, true);

      expect([event?.streamId, event?.revision, textOf(event)]).toEqual([target, 1n, '1']);
    });

    it('shows the link beside the event', async () => {
      const { links } = await linked();
      const { link } = await readOne(links, true);

      expect([link?.streamId, link?.revision, link?.type]).toEqual([links, 0n, '$>']);
    });

    it('gives the position of the link', async () => {
      const { links, position } = await linked();
      const { link } = await readOne(links, true);

      expect(link?.position?.commit).toBe(position?.commit);
    });

    it('shows no event for a link that leads nowhere', async () => {
      const links = store().newStream('links');
      await store().append(links, linkTo(store().newStream(), 0));
      const { event, link } = await readOne(links, true);

      expect([event, link?.type]).toEqual([undefined, '$>']);
    });

    it('shows no event for a link to a deleted stream', async () => {
      const { target, links } = await linked();
      await store().client.deleteStream(target);
      const { event, link } = await readOne(links, true);

      expect([event, link?.type]).toEqual([undefined, '$>']);
    });

    it('shows no event for a link to a truncated event', async () => {
      const { target, links } = await linked();
      await store().client.setStreamMetadata(target, { truncateBefore: 2 });
      const { event } = await readOne(links, true);

      expect(event).toBeUndefined();
    });

    it('leaves events that are no links as they are', async () => {
      const { event, link } = await readOne(await store().streamOf(1), true);

      expect([textOf(event), link]).toEqual(['0', undefined]);
    });

    it('resolves links for one who follows the stream', async () => {
      const { target, links } = await linked();
      const subscription = store().client.subscribeToStream(links, { resolveLinkTos: true });
      const follower = new Follower(subscription);
      await follower.untilCaughtUp();
      await store().append(links, linkTo(target, 0));
      await follower.until(({ texts }) => expect(texts).toEqual(['1', '0']));
      await follower.stop();

      expect(follower.heard.map(({ link }) => link?.streamId)).toEqual([links, links]);
    });

    it('resolves links for one who follows $all', async () => {
      const target = await store().streamOf(1);
      const follower = new Follower(
        store().client.subscribeToAll({ fromPosition: END, resolveLinkTos: true }),
      );
      await follower.untilCaughtUp();
      const links = store().newStream('links');
      await store().append(links, [linkTo(target, 0), note('plain')]);
      await follower.until(({ texts }) => expect(texts).toContain('plain'));
      await follower.stop();
      const resolved = follower.heard.find(({ link }) => link?.streamId === links);

      expect([resolved?.event?.streamId, textOf(resolved?.event)]).toEqual([target, '0']);
    });
  });
}
