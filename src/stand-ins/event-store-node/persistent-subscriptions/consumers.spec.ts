import { type Consumer, Consumers } from './consumers.js';
import type { GroupMessage } from './group-message.js';
import type { ConsumerStrategy } from './group-settings.js';

const message = (id: string, { stream = 's', correlationId = 'c' } = {}): GroupMessage => ({
  id,
  place: 0,
  previousPlace: null,
  sequence: 0,
  event: { record: undefined, position: 0 },
  origin: { stream, revision: 0 },
  originalRevision: 0,
  correlationId,
  retryCount: 0,
});

const given = (strategy: ConsumerStrategy, ...slots: number[]) => {
  const consumers = new Consumers(strategy);
  const sent: string[] = [];
  const all = slots.map((count, index): Consumer => {
    const consumer = {
      name: String(index),
      slots: count,
      send: () => void sent.push(String(index)),
      drop: () => void sent.push(`dropped ${index}`),
    };
    consumers.add(consumer);
    return consumer;
  });
  return { consumers, sent, all };
};

describe('choosing a consumer', () => {
  it('takes turns', () => {
    const { consumers, sent } = given('RoundRobin', 5, 5);
    for (const id of ['a', 'b', 'c', 'd']) consumers.offer(message(id));

    expect(sent).toEqual(['0', '1', '0', '1']);
  });

  it('passes over who has no room when it takes turns', () => {
    const { consumers, sent } = given('RoundRobin', 1, 3);
    for (const id of ['a', 'b', 'c']) consumers.offer(message(id));

    expect(sent).toEqual(['0', '1', '1']);
  });

  it('fills one consumer before the next when it sends to a single one', () => {
    const { consumers, sent } = given('DispatchToSingle', 2, 5);
    for (const id of ['a', 'b', 'c']) consumers.offer(message(id));

    expect(sent).toEqual(['0', '0', '1']);
  });

  it('sends the messages of one stream to one consumer when it pins', () => {
    const { consumers, sent } = given('Pinned', 5, 5);
    for (const stream of ['x', 'y', 'x', 'y'])
      consumers.offer(message(stream + sent.length, { stream }));

    expect(sent).toEqual(['0', '1', '0', '1']);
  });

  it('sends what belongs together to one consumer when it pins by correlation', () => {
    const { consumers, sent } = given('PinnedByCorrelation', 5, 5);
    for (const correlationId of ['x', 'y', 'y', 'x']) {
      consumers.offer(message(correlationId + sent.length, { correlationId }));
    }

    expect(sent).toEqual(['0', '1', '1', '0']);
  });

  it('keeps a pinned message for its consumer and lets others pass', () => {
    const { consumers } = given('Pinned', 1, 5);
    consumers.offer(message('a', { stream: 'x' }));

    expect([
      consumers.offer(message('b', { stream: 'x' })),
      consumers.offer(message('c', { stream: 'y' })),
    ]).toEqual(['try_the_next', 'sent']);
  });

  it('pins anew what a lost consumer had', () => {
    const { consumers, sent, all } = given('Pinned', 5, 5);
    consumers.offer(message('a', { stream: 'x' }));
    const lost = all[0] && consumers.remove(all[0]);
    consumers.offer(message('b', { stream: 'x' }));

    expect([lost, sent]).toEqual([['a'], ['0', '1']]);
  });

  it.each<ConsumerStrategy>(['RoundRobin', 'DispatchToSingle', 'Pinned', 'PinnedByCorrelation'])(
    'says that all are busy, for %s',
    (strategy) => {
      const { consumers } = given(strategy, 1);
      consumers.offer(message('a'));

      expect(consumers.offer(message('b'))).toBe('all_busy');
    },
  );

  it('has room again when a message is settled', () => {
    const { consumers } = given('RoundRobin', 1);
    consumers.offer(message('a'));
    consumers.release('a');

    expect(consumers.offer(message('b'))).toBe('sent');
  });
});
