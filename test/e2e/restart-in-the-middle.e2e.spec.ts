import { RunningSystem, type Shown } from '../support/running-system.js';
import { eventually } from '../support/eventually.js';

const AMOUNT = 124_050;
const references = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => String(10_000_000_000 + from + index));

/** Submits one after the other until told to stop; keeps what was acknowledged. */
class Submitter {
  readonly acknowledged = new Map<string, string>();
  private stopped = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly system: RunningSystem,
    remaining: readonly string[],
  ) {
    this.done = this.run([...remaining]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(remaining: string[]): Promise<void> {
    while (!this.stopped && remaining.length > 0) {
      const [reference = ''] = remaining;
      // A refused connection or a 503 says nothing about the claim: the same one is submitted again.
      const answer = await this.system.submit(this.system.claim(reference)).catch(() => null);
      if (answer?.status !== 202 && answer?.status !== 200) continue;
      this.acknowledged.set(reference, answer.body.id);
      remaining.shift();
    }
  }
}

describe('killing processes under load', () => {
  let system: RunningSystem;

  beforeAll(async () => {
    system = await RunningSystem.start();
  });

  afterAll(() => system.stop());

  const allVerified = async (submitter: Submitter): Promise<void> => {
    for (const id of submitter.acknowledged.values()) await system.reaches(id, 'verified');
    await eventually(
      async () => {
        const { body } = await system.call('GET', '/api/v1/transactions?limit=100');
        const listed = new Map(
          (body['data'] as readonly Shown[]).map((shown) => [shown.id, shown.status]),
        );
        for (const id of submitter.acknowledged.values()) expect(listed.get(id)).toBe('verified');
      },
      { everyMs: 200 },
    );
  };

  it('loses no acknowledged claim when the service dies, and settles each once', async () => {
    const claims = references(0, 30);
    await system.addCredits(claims.map((reference) => ({ reference, amount: AMOUNT })));
    const submitter = new Submitter(system, claims);
    await eventually(() => submitter.acknowledged.size >= 5);
    await system.killService();
    await system.startService();
    await eventually(() => submitter.acknowledged.size === claims.length);
    await submitter.stop();
    await allVerified(submitter);
    expect(new Set(submitter.acknowledged.values()).size).toBe(claims.length);
  });

  it('loses no acknowledged claim when the event store dies', async () => {
    const claims = references(1_000, 30);
    await system.addCredits(claims.map((reference) => ({ reference, amount: AMOUNT })));
    const submitter = new Submitter(system, claims);
    await eventually(() => submitter.acknowledged.size >= 5);
    await system.eventStore.kill();
    const before = new Map(submitter.acknowledged);
    await system.eventStore.restart();
    await eventually(() => submitter.acknowledged.size === claims.length, { withinMs: 40_000 });
    await submitter.stop();
    for (const [reference, id] of before) expect(submitter.acknowledged.get(reference)).toBe(id);
    await allVerified(submitter);
  });

  it('never called the bank more often than the contract allows', async () => {
    expect(await system.bankState()).toMatchObject({ breaches: 0 });
  });
});
