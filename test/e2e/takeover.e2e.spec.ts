import { eventually } from '../support/eventually.js';
import { RunningSystem } from '../support/running-system.js';

interface Told {
  readonly event: string;
  readonly occurred_at: string;
  readonly details: Readonly<Record<string, unknown>>;
}

describe('taking over from a verifier that is killed in the middle of an ask', () => {
  let system: RunningSystem;

  beforeAll(async () => {
    system = await RunningSystem.start();
  });

  afterAll(() => system.stop());

  const history = async (id: string): Promise<readonly Told[]> => {
    const { body } = await system.call('GET', `/api/v1/transactions/${id}/events`);
    return (body['data'] ?? []) as readonly Told[];
  };
  const asks = async (id: string): Promise<readonly Told[]> =>
    (await history(id)).filter(({ event }) => event.startsWith('ask.'));

  it('speaks within ten seconds, and writes the lost ask down as unknown', async () => {
    const killFirst = await system.startBeside();
    await system.addCredits([
      { reference: '00683475001', amount: 124_050 },
      { reference: '00683475002', amount: 124_050 },
    ]);
    await system.order('slow-answer');
    const lost = await system.submit(system.claim('00683475001'));
    // The first process speaks for the credential; this ask is its own, and the bank lets it wait.
    await eventually(async () => (await asks(lost.body.id)).length === 1);

    await killFirst();
    const killedAt = Date.now();
    const next = await system.submit(system.claim('00683475002'));
    await system.reaches(next.body.id, 'verified');
    const [firstAsk] = await asks(next.body.id);

    expect(Date.parse(firstAsk?.occurred_at ?? '') - killedAt).toBeLessThan(10_000);
    await system.reaches(lost.body.id, 'verified');
    expect(
      (await asks(lost.body.id)).map(({ event, details }) => [event, details['outcome']]),
    ).toEqual([
      ['ask.started', undefined],
      ['ask.answered', 'outcome_unknown'],
      ['ask.started', undefined],
      ['ask.answered', 'found'],
    ]);
    // No call was lost or doubled silently: the bank counts what the log tells.
    const { breaches, operations } = await system.bankState();
    expect(breaches).toBe(0);
    expect(operations).toMatchObject({ pago_movil: 3 });
  });
});
