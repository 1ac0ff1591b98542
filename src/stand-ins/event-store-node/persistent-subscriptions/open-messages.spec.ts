import type { GroupMessage } from './group-message.js';
import { OpenMessages } from './open-messages.js';

/** The message at a place; the places before it are those of the messages before it. */
const message = (place: number): GroupMessage => ({
  id: String(place),
  place,
  previousPlace: place === 0 ? null : place - 1,
  sequence: place,
  event: { record: undefined, position: place },
  origin: { stream: 's', revision: place },
  originalRevision: place,
  correlationId: 'c',
  retryCount: 0,
});

const LAST = { place: 9, sequence: 9 };

describe('finding out how far a group has come', () => {
  it('has come to the last message when none is open', () => {
    expect(new OpenMessages().progress(LAST, [])).toEqual(LAST);
  });

  it('has come to the message before the oldest that is open', () => {
    const open = new OpenMessages();
    for (const place of [7, 4, 8]) open.begin(message(place), Infinity);

    expect(open.progress(LAST, [])).toEqual({ place: 3, sequence: 3 });
  });

  it('has come nowhere while the first message is open', () => {
    const open = new OpenMessages();
    open.begin(message(0), Infinity);

    expect(open.progress(LAST, [])).toBeNull();
  });

  it('counts as open what waits to be sent, for the first time or again', () => {
    const open = new OpenMessages();
    open.retry(message(6));

    expect([open.progress(LAST, []), open.progress(LAST, [message(5)])]).toEqual([
      { place: 5, sequence: 5 },
      { place: 4, sequence: 4 },
    ]);
  });

  it('moves on when the oldest is settled, whatever was settled before', () => {
    const open = new OpenMessages();
    for (const place of [3, 4, 5]) open.begin(message(place), Infinity);
    open.settle('4');
    const before = open.progress(LAST, []);
    open.settle('3');

    expect([before?.place, open.progress(LAST, [])?.place]).toEqual([2, 4]);
  });
});

describe('sending messages again', () => {
  it('counts the tries and keeps the order', () => {
    const open = new OpenMessages();
    for (const place of [2, 1]) open.retry(message(place));

    expect(open.toRetry.map(({ id, retryCount }) => [id, retryCount])).toEqual([
      ['1', 1],
      ['2', 1],
    ]);
  });

  it('finds what has been open for too long', () => {
    const open = new OpenMessages();
    open.begin(message(1), 1000);
    open.begin(message(2), 2000);

    expect(open.expired(1500).map(({ id }) => id)).toEqual(['1']);
  });
});
