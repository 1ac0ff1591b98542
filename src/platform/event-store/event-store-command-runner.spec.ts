import { InMemoryEventStore } from '../../../test/support/in-memory-event-store.js';
import { defineEvent, type Event } from '../../kernel/event.js';
import { accept, reject, RuleViolation, type Decision } from '../../kernel/rejection.js';
import {
  CommandIdReused,
  type Aggregate,
  type CommandContext,
  type CommandRun,
} from './command-runner.js';
import { EventStoreCommandRunner } from './event-store-command-runner.js';
import { EventStoreUnavailable, StreamConflict } from './event-store.js';

const added = defineEvent<{ readonly amount: number }>()('Added.v1');
type Added = Event<'Added.v1', { readonly amount: number }>;

const sum: Aggregate<number, Added> = {
  initialState: 0,
  evolve: (total, event) => total + event.data.amount,
};

const context: CommandContext = {
  actor: 'user:1',
  requestId: 'request-1',
  correlationId: 'correlation-1',
  causationId: 'causation-1',
  traceId: null,
};

const STREAM = 'sum-1';
let ids = 0;
const nextId = () => `command-${(ids += 1)}`;

type SumRun = CommandRun<number, Added, 'too_much'>;
const add = (amount: number, options: Partial<SumRun> = {}): SumRun => ({
  streamName: STREAM,
  aggregate: sum,
  commandId: nextId(),
  context,
  decide: (total): Decision<Added, 'too_much'> =>
    total + amount > 100 ? reject('too_much') : accept(added({ amount })),
  ...options,
});

let store: InMemoryEventStore;
let runner: EventStoreCommandRunner;
let otherProcess: EventStoreCommandRunner;

beforeEach(() => {
  store = new InMemoryEventStore([added]);
  runner = new EventStoreCommandRunner(store);
  otherProcess = new EventStoreCommandRunner(store);
});

describe('running a command', () => {
  it('appends what was decided on the state so far', async () => {
    await runner.run(add(1));
    const result = await runner.run(add(2));
    expect(result).toMatchObject({ state: 3, revision: 1n, appended: true });
    expect(result.position).toEqual((await store.readStream(STREAM)).at(-1)?.position);
  });

  it('throws the refusal of the decision and writes nothing', async () => {
    await runner.run(add(100));
    await expect(runner.run(add(1))).rejects.toThrow(RuleViolation);
    expect(await store.readStream(STREAM)).toHaveLength(1);
  });

  it('writes nothing for a decision without new facts', async () => {
    const { position } = await runner.run(add(5));
    const result = await runner.run(add(0, { decide: () => accept<Added>() }));
    expect(result).toEqual({ state: 5, revision: 0n, position, appended: false });
  });

  it('records who asked, and within what', async () => {
    await runner.run(add(1));
    const [event] = await store.readStream(STREAM);
    expect(event?.metadata).toEqual({
      actor: 'user:1',
      requestId: 'request-1',
      $correlationId: 'correlation-1',
      $causationId: 'causation-1',
      traceId: null,
      previousHash: null,
      checksum: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
  });

  it('links every event to the stored bytes of the one before', async () => {
    await runner.run(add(0, { decide: () => accept(added({ amount: 1 }), added({ amount: 2 })) }));
    await runner.run(add(3));
    await otherProcess.run(add(4));
    const events = await store.readStream(STREAM);
    expect(events.map(({ metadata }) => metadata.previousHash)).toEqual([
      null,
      ...events.slice(0, -1).map(({ hash }) => hash),
    ]);
  });
});

describe('running a command twice', () => {
  it('writes nothing the second time', async () => {
    const command = add(1);
    await runner.run(command);
    const again = await runner.run(command);
    expect(again).toMatchObject({ state: 1, revision: 0n, appended: false });
  });

  it('writes nothing the second time in another process', async () => {
    const command = add(1);
    await runner.run(command);
    await runner.run(add(1));
    const again = await otherProcess.run(command);
    expect(again).toMatchObject({ state: 2, revision: 1n, appended: false });
  });
});

describe('telling where a command wrote', () => {
  it.each([
    ['when it wrote', () => runner],
    ['when it had written before, in another process', () => otherProcess],
  ])('names the place in the log %s', async (_, again) => {
    const told: bigint[] = [];
    const command = add(1, { context: { ...context, onPosition: (at) => told.push(at) } });
    await runner.run(command);
    await again().run(command);
    const end = (await store.readStream(STREAM)).at(-1)?.position;
    expect(told).toEqual([end, end]);
  });

  it('says nothing when the command is refused', async () => {
    const told: bigint[] = [];
    const command = add(101, { context: { ...context, onPosition: (at) => told.push(at) } });
    await expect(runner.run(command)).rejects.toThrow(RuleViolation);
    expect(told).toEqual([]);
  });
});

describe('being asked for something else under the same name', () => {
  const named = (amount: number) => add(amount, { commandId: 'k', fingerprint: String(amount) });

  it('refuses it, here and in another process', async () => {
    await runner.run(named(1));
    await expect(runner.run(named(2))).rejects.toThrow(CommandIdReused);
    await expect(otherProcess.run(named(2))).rejects.toThrow(CommandIdReused);
    expect(await runner.run(named(1))).toMatchObject({ state: 1, appended: false });
  });

  it('refuses one of two that come at once', async () => {
    const outcomes = await Promise.allSettled([runner.run(named(1)), otherProcess.run(named(2))]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.readStream(STREAM)).toHaveLength(1);
  });
});

describe('meeting other writers', () => {
  it('decides again on what they wrote', async () => {
    await runner.run(add(10));
    await otherProcess.run(add(20));
    expect((await runner.run(add(1))).state).toBe(31);
  });

  it('does not refuse because of a state that is no longer the latest', async () => {
    await runner.run(add(100));
    await otherProcess.run(add(0, { decide: () => accept(added({ amount: -50 })) }));
    expect((await runner.run(add(50))).state).toBe(100);
  });

  it('does not report a replay from a state that is no longer the latest', async () => {
    await runner.run(add(1));
    await otherProcess.run(add(2));
    const result = await runner.run(add(0, { decide: () => accept<Added>() }));
    expect(result).toMatchObject({ state: 3, revision: 1n });
  });

  it('gives up after three tries', async () => {
    let tries = 0;
    const contended = add(1, {
      decide: async () => {
        tries += 1;
        await otherProcess.run(add(1));
        return accept(added({ amount: 1 }));
      },
    });
    await expect(runner.run(contended)).rejects.toThrow(StreamConflict);
    expect(tries).toBe(3);
  });
});

describe('assuming that a stream is new', () => {
  it('reads nothing when that is so', async () => {
    const result = await runner.run(add(1, { assumeNew: true }));
    expect(result).toMatchObject({ state: 1, revision: 0n, appended: true });
    expect(store.reads).toBe(0);
  });

  it('decides on what is there when that is not so', async () => {
    await otherProcess.run(add(60));
    await expect(runner.run(add(60, { assumeNew: true }))).rejects.toThrow(RuleViolation);
    expect((await runner.run(add(40, { assumeNew: true }))).state).toBe(100);
  });

  it('looks at the log before it refuses', async () => {
    await otherProcess.run(add(0, { decide: () => accept(added({ amount: -10 })) }));
    expect((await runner.run(add(105, { assumeNew: true }))).state).toBe(95);
  });
});

describe('losing the answer of an append', () => {
  it('reads the stream again, since the first bytes stand', async () => {
    store.loseNextAnswers();
    const result = await runner.run(add(1, { assumeNew: true }));
    expect(result).toMatchObject({ state: 1, revision: 0n, appended: true });
    expect(store.reads).toBe(1);
  });

  it('keeps the chain unbroken afterwards', async () => {
    store.loseNextAnswers();
    await runner.run(add(1));
    await runner.run(add(2));
    const [first, second] = await store.readStream(STREAM);
    expect(second?.metadata.previousHash).toBe(first?.hash);
  });

  it('tells the caller when the store is away', async () => {
    store.goAway();
    await expect(runner.run(add(1, { assumeNew: true }))).rejects.toThrow(EventStoreUnavailable);
  });
});

describe('sharing a command with another process', () => {
  it('keeps the chain unbroken when both run it at once, since the first bytes stand', async () => {
    await runner.run(add(1));
    const same = add(2);
    const others = { ...same, context: { ...context, requestId: 'request of the other' } };
    await Promise.all([runner.run(same), otherProcess.run(others)]);
    await otherProcess.run(add(3));
    await runner.run(add(4));
    const events = await store.readStream(STREAM);
    expect(events.map(({ metadata }) => metadata.previousHash)).toEqual([
      null,
      ...events.slice(0, -1).map(({ hash }) => hash),
    ]);
  });
});

describe('remembering states', () => {
  it('saves the read of a stream it wrote', async () => {
    await runner.run(add(1, { assumeNew: true }));
    await runner.run(add(2));
    expect(store.reads).toBe(0);
  });

  it('forgets first what was not used for long', async () => {
    const small = new EventStoreCommandRunner(store, 4);
    for (const streamName of ['sum-a', 'sum-b', 'sum-a', 'sum-c']) {
      await small.run(add(1, { streamName, assumeNew: true }));
    }
    const before = store.reads;
    await small.run(add(1, { streamName: 'sum-a' }));
    expect(store.reads).toBe(before);
    await small.run(add(1, { streamName: 'sum-b' }));
    expect(store.reads).toBe(before + 1);
  });

  it('keeps the states of different aggregates apart', async () => {
    await runner.run(add(7));
    const count: Aggregate<number, Added> = { initialState: 0, evolve: (seen) => seen + 1 };
    const result = await runner.run({ ...add(1), aggregate: count });
    expect(result.state).toBe(2);
  });

  it('does not answer a plain look from memory', async () => {
    await runner.run(add(1));
    await otherProcess.run(add(2));
    expect(await runner.load(STREAM, sum)).toEqual({ state: 3, revision: 1n });
  });
});

describe('looking at a stream', () => {
  it('gives the first state and no revision when there is none', async () => {
    expect(await runner.load('sum-none', sum)).toEqual({ state: 0, revision: null });
  });
});
