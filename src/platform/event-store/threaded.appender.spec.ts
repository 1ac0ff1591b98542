import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually.js';
import { AppendRefused, EventStoreUnavailable } from './event-store.js';
import { ThreadedAppender } from './threaded.appender.js';

const script = new URL('../../../test/support/answering-thread.mjs', import.meta.url);
const event = { eventId: 'id', type: 'Happened.v1', data: '{}', metadata: '{}' };

let appender: ThreadedAppender;
const append = (streamName: string, events = 1) =>
  appender.append(
    streamName,
    'no_stream',
    Array.from({ length: events }, () => event),
  );

beforeEach(() => {
  Logger.overrideLogger(false);
  appender = new ThreadedAppender({ script }, { url: 'esdb://127.0.0.1:1', timeoutMs: 1 });
});

afterEach(() => appender.close());

describe('appending through a thread', () => {
  it('gives each caller its own answer', async () => {
    const answers = await Promise.all([append('one', 1), append('three', 3)]);
    expect(answers).toEqual([
      { revision: 0n, position: 7n, retried: false },
      { revision: 2n, position: 7n, retried: false },
    ]);
  });

  it('gives errors their class again', async () => {
    await expect(append('refuse')).rejects.toThrow(AppendRefused);
  });

  it('leaves open how an append ended whose thread died', async () => {
    const settled = await Promise.allSettled([append('wait'), append('die')]);
    expect(settled).toEqual([
      { status: 'rejected', reason: expect.any(EventStoreUnavailable) },
      { status: 'rejected', reason: expect.any(EventStoreUnavailable) },
    ]);
  });

  it('appends through another thread after one died', async () => {
    await expect(append('die')).rejects.toThrow(EventStoreUnavailable);
    await eventually(async () => expect(await append('one')).toMatchObject({ revision: 0n }));
  });

  it('settles what is under way when it is closed', async () => {
    const waiting = append('wait');
    const settled = expect(waiting).rejects.toThrow(EventStoreUnavailable);
    await appender.close();
    await settled;
    await expect(append('one')).rejects.toThrow(EventStoreUnavailable);
  });
});
