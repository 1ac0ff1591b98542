import { eventually } from '../support/eventually.js';
import { PAID_ON, PHONE, RunningSystem } from '../support/running-system.js';
import { VENEZUELA_ACCOUNT } from '../support/venezuela-sandbox.js';

const AMOUNT = 124_050;

describe('verifying at a bank whose look-up has an effect there', () => {
  let system: RunningSystem;

  beforeAll(async () => {
    system = await RunningSystem.start({}, { secondBank: true });
  });

  afterAll(() => system.stop());

  const claim = (reference: string) =>
    system.claim(reference, {
      receiving_account_id: system.venezuelaAccountId,
      origin_bank: '0134',
    });
  const credit = (reference: string) => ({
    account: VENEZUELA_ACCOUNT,
    amount_minor: AMOUNT,
    reference,
    on: PAID_ON,
    payer_phone: PHONE,
    payer_bank: '0134',
  });
  const lookUps = async (): Promise<number> => {
    const { operations } = (await system.bankState()) as { operations: Record<string, number> };
    return operations['bdv_look_up'] ?? 0;
  };
  const asksOf = async (id: string) => {
    const { body } = await system.call('GET', `/api/v1/transactions/${id}/events`);
    const events = body['data'] as readonly {
      readonly event: string;
      readonly details: Record<string, unknown>;
    }[];
    return events
      .filter(({ event }) => event.startsWith('ask.'))
      .map(({ details }) => details['outcome'] ?? 'started');
  };

  it('verifies a claim with one look-up', async () => {
    await system.addMovements([credit('00473078')]);
    const { status, body } = await system.submit(claim('00473078'));
    expect(status).toBe(202);
    await system.reaches(body.id, 'verified');
    expect(await lookUps()).toBe(1);
  });

  it('shows a person the amount that the bank names instead', async () => {
    const { body } = await system.submit(claim('00990300'));
    expect(await system.reaches(body.id, 'needs_review')).toMatchObject({
      status_reason: 'amount_differs',
    });
  });

  /** A claim whose look-up the bank answered, and marked, while the process died over the answer. */
  const lostAnswer = async (reference: string): Promise<string> => {
    await system.addMovements([credit(reference)]);
    await system.killService();
    await system.startService({ DIE_AT: 'before:AskAnswered' });
    const { body } = await system.submit(claim(reference));
    await system.ended();
    return body.id;
  };

  it('finds on the statement what the look-up will not tell twice', async () => {
    const id = await lostAnswer('00473079');
    await system.startService();
    await eventually(async () => (await asksOf(id)).includes('outcome_unknown'), {
      withinMs: 30_000,
      everyMs: 200,
    });
    // A listing answers for the claim that comes next, and for the lost one with it.
    await system.addMovements([credit('00473080')]);
    const next = await system.submit(claim('00473080'));
    await system.reaches(next.body.id, 'verified');
    await system.reaches(id, 'verified');
    expect(await asksOf(id)).toEqual(['started', 'outcome_unknown']);
  });

  it('leaves it to a person where no statement may be read', async () => {
    const id = await lostAnswer('00473081');
    await system.startService({ BDV_LISTING_GRANTED: 'false' });
    expect(await system.reaches(id, 'needs_review')).toMatchObject({
      status_reason: 'unsupported_evidence',
    });
    expect(await asksOf(id)).toEqual([
      'started',
      'outcome_unknown',
      'started',
      'already_reconciled',
    ]);
  });

  it('never called either bank more often than its contract allows', async () => {
    expect(await system.bankState()).toMatchObject({ breaches: 0 });
  });
});
