import * as fc from 'fast-check';
import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { defineEvent, type Event } from '../../kernel/event.js';
import { accept } from '../../kernel/rejection.js';
import type { Aggregate } from './command-runner.js';
import { EventStoreCommandRunner } from './event-store-command-runner.js';
import {
  EventStoreUnavailable,
  StreamConflict,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
} from './event-store.js';

interface Fact {
  readonly command: number;
  readonly part: number;
  /** Differs from try to try, as instants and request ids do. */
  readonly attempt: number;
}
const noted = defineEvent<Fact>()('Noted.v1');
type Noted = Event<'Noted.v1', Fact>;

const notes: Aggregate<readonly Fact[], Noted> = {
  initialState: [],
  evolve: (known, { data }) => [...known, data],
};

/** What becomes of one append: it works, never arrives, or works without anybody hearing of it. */
type Luck = 'good' | 'not_written' | 'written_unheard' | 'written_heard_late';

class UnluckyStore extends InMemoryEventStore {
  luck: readonly Luck[] = [];
  private appends = 0;

  override async append(
    streamName: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    const luck = this.luck[this.appends++] ?? 'good';
    if (luck === 'not_written') throw new EventStoreUnavailable('lost on the way there');
    const appended = await super.append(streamName, expected, events);
    if (luck === 'written_unheard') throw new EventStoreUnavailable('lost on the way back');
    return { ...appended, retried: luck === 'written_heard_late' };
  }
}

const STREAM = 'note-1';
const lucks = fc.array(
  fc.constantFrom<Luck>('good', 'good', 'not_written', 'written_unheard', 'written_heard_late'),
  { maxLength: 30 },
);
/** Which command is run next, by which of three processes; a command comes again and again, as retries do. */
const deliveries = fc.array(fc.record({ command: fc.nat(5), process: fc.nat(2) }), {
  minLength: 1,
  maxLength: 30,
});

const storeAfter = async (
  luck: readonly Luck[],
  turns: readonly { readonly command: number; readonly process: number }[],
  together: boolean,
): Promise<UnluckyStore> => {
  const store = new UnluckyStore([noted]);
  store.luck = luck;
  const processes = [0, 1, 2].map(() => new EventStoreCommandRunner(store, 2));
  let attempt = 0;
  const deliver = async ({ command, process }: (typeof turns)[number]): Promise<void> => {
    const number = (attempt += 1);
    await processes[process]
      ?.run({
        streamName: STREAM,
        aggregate: notes,
        commandId: `command ${command}`,
        context: {
          actor: 'user:1',
          requestId: `request ${number}`,
          correlationId: 'c',
          causationId: 'c',
          traceId: null,
        },
        decide: (known) =>
          known.some((fact) => fact.command === command)
            ? accept<Noted>()
            : accept(
                noted({ command, part: 0, attempt: number }),
                noted({ command, part: 1, attempt: number }),
              ),
      })
      .catch((error: unknown) => {
        const isOutside = error instanceof EventStoreUnavailable || error instanceof StreamConflict;
        if (!isOutside) throw error;
      });
  };
  if (together) await Promise.all(turns.map(deliver));
  else for (const turn of turns) await deliver(turn);
  // Whoever was told nothing asks again, until he is told.
  store.luck = [];
  for (const turn of turns) await deliver(turn);
  return store;
};

const byNumber = (a: number, b: number): number => a - b;

describe('retrying commands in whatever way', () => {
  it.each([
    ['one after the other', false],
    ['all at once', true],
  ])('does each once and whole, and keeps the chain unbroken, %s', async (_, together) => {
    await fc.assert(
      fc.asyncProperty(lucks, deliveries, async (luck, turns) => {
        const store = await storeAfter(luck, turns, together);
        const events = await store.readStream(STREAM);
        const facts = events.map(({ data }) => data as Fact);
        const wanted = [...new Set(turns.map(({ command }) => command))].sort(byNumber);

        expect(
          facts
            .filter(({ part }) => part === 0)
            .map(({ command }) => command)
            .sort(byNumber),
        ).toEqual(wanted);
        // The parts of one command stand side by side and come from the same try.
        for (let at = 0; at < facts.length; at += 2) {
          expect(facts[at + 1]).toEqual({ ...facts[at], part: 1 });
        }
        expect(events.map(({ metadata }) => metadata.previousHash)).toEqual([
          null,
          ...events.slice(0, -1).map(({ hash }) => hash),
        ]);
      }),
      { numRuns: 150 },
    );
  });
});
