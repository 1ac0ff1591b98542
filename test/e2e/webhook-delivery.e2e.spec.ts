import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/eventually.js';
import { RunningSystem } from '../support/running-system.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const PATH = '/hooks';
const AMOUNT = 124_050;

describe('telling a merchant of its verdicts', () => {
  let system: RunningSystem;
  let receiver: WebhookReceiver;
  let secret: string;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    system = await RunningSystem.start({
      WEBHOOK_PRIVATE_NETWORK: 'true',
      // A lease is a try and five seconds: what a killed process held is soon anybody's.
      WEBHOOK_TIMEOUT_MS: '2000',
    });
    const made = await system.call(
      'POST',
      '/api/v1/webhook-endpoints',
      { url: receiver.url(PATH) },
      { 'idempotency-key': randomUUID() },
    );
    expect(made.status).toBe(201);
    secret = String(made.body['secret']);
  });

  afterAll(async () => {
    await system.stop();
    await receiver.stop();
  });

  const arrived = (count: number) =>
    eventually(
      () => {
        const calls = receiver.callsTo(PATH);
        if (calls.length < count) throw new Error(`${calls.length} of ${count} came`);
        return calls;
      },
      { withinMs: 40_000, everyMs: 50 },
    );

  it('says each thing once it is so, in order, and the same again when it dies before noting it', async () => {
    await system.addCredits([{ reference: '00683476001', amount: AMOUNT }]);
    // The receiver takes the first message, and the service never learns that.
    const held = new Promise<ServerResponse>((taken) => {
      receiver.behave(PATH, (_, response) => taken(response));
    });
    const { body: claim } = await system.submit(system.claim('00683476001'));
    await held;
    await system.killService();
    receiver.behave(PATH);

    await system.startService();
    await system.reaches(claim.id, 'verified');
    const calls = await arrived(3);

    expect(calls.map(({ message }) => message.type)).toEqual([
      'transaction.submitted',
      'transaction.submitted',
      'transaction.verified',
    ]);
    const [lost, again, verdict] = calls;
    expect(again?.headers['webhook-id']).toBe(lost?.headers['webhook-id']);
    expect(again?.body).toBe(lost?.body);
    expect(verdict?.message.data).toMatchObject({
      sequence: 2,
      previous_id: lost?.message.id,
      transaction: { id: claim.id, status: 'verified', bank_amount: AMOUNT },
    });
    const verifier = new Webhook(secret);
    for (const { body, headers, message } of calls) {
      expect(verifier.verify(body, headers)).toEqual(message);
    }
    const list = `/api/v1/webhook-deliveries?transaction_id=${claim.id}`;
    await eventually(
      async () => {
        const { body } = await system.call('GET', list);
        const statuses = (body['data'] as { status: string }[]).map(({ status }) => status);
        expect(statuses).toEqual(['delivered', 'delivered']);
      },
      { everyMs: 100 },
    );
  });
});
