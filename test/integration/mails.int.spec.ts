import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ClaimsDigestJob } from '../../src/notifications/claims-digest.job.js';
import { MailCleanupJob } from '../../src/notifications/mail-cleanup.job.js';
import { MailDelivery, MailWatch } from '../../src/notifications/mail-delivery.js';
import { MailConfig } from '../../src/notifications/mail.config.js';
import { MailQueue } from '../../src/notifications/mail-queue.store.js';
import {
  Mailer,
  type AddressedMail,
  type MailOutcome,
} from '../../src/notifications/mailer.port.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { DatabaseConnection } from '../../src/platform/database/database.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { apiCaller } from '../support/api-caller.js';
import { TestAuthority } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { MAIL_PASSWORD, MAIL_USER, MailServer, subjectOf } from '../support/mail-server.js';
import { TestClock } from '../support/test-clock.js';
import { TransactionsApi } from '../support/transactions-api.js';

const PASSWORD = 'lluvia sobre el tejado';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('telling people and merchants by mail', () => {
  const authority = new TestAuthority('a mail authority');
  let server: MailServer;
  let api: TransactionsApi;
  let call: ReturnType<typeof apiCaller>;
  let admin: string;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mails-'));
    await writeFile(join(folder, 'ca.pem'), authority.certificate);
    server = await MailServer.start({ identity: authority.issue('a mail server') });
    api = await TransactionsApi.start({
      ROLES: 'api,projector,notifier',
      REGISTRATION_OPEN: 'true',
      JOBS_IN_SERVICE: 'false',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(server.port),
      SMTP_TLS_CA_FILE: join(folder, 'ca.pem'),
      SMTP_USER: MAIL_USER,
      SMTP_PASSWORD: MAIL_PASSWORD,
      SMTP_FROM: 'constancia@pagos.example.com',
      MAIL_RETRY_SECONDS: '1',
      MAIL_RETRIES: '1',
      MAIL_LANGUAGE: 'es',
    });
    call = apiCaller(api.running);
    admin = await api.running.issueKey(['admin']);
  });

  afterAll(async () => {
    await api.running.stop();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const db = () => api.running.app.get(DatabaseConnection).kysely;
  const mailsTo = (address: string) => server.mails.filter((mail) => mail.includes(address));
  const queued = async (kind: string) =>
    (await db().selectFrom('state.mail').selectAll().execute()).filter((one) => one.kind === kind);
  const signIn = async (email: string, agent = AGENT) => {
    const { body } = await call('POST', 'auth/login', {
      body: { email, password: PASSWORD },
      headers: { 'user-agent': agent },
    });
    return String(body['access_token']);
  };
  const aPerson = async (email: string): Promise<string> => {
    const body = { email, name: 'Somebody', password: PASSWORD };
    await call('POST', 'auth/register', { body });
    return signIn(email);
  };

  it('tells of a sign-in from a new place once, and of nothing on the next one', async () => {
    await aPerson('ana@example.com');
    await eventually(() => expect(mailsTo('ana@example.com')).toHaveLength(1));
    await signIn('ana@example.com');
    await signIn('ana@example.com', 'curl/8.0');
    await eventually(() => expect(mailsTo('ana@example.com')).toHaveLength(2));

    const [first = ''] = mailsTo('ana@example.com');
    expect(subjectOf(first)).toContain('Inicio');
    expect(first).toContain('Firefox, Linux');
    expect(first).not.toContain('127.0.0.1');
    await eventually(async () => {
      expect(await queued('sign_in_from_new_place')).toEqual([
        expect.objectContaining({ state: 'sent', recipient: null, attempts: 1 }),
        expect.objectContaining({ state: 'sent', recipient: null, attempts: 1 }),
      ]);
    });
  });

  it('tries again what the server puts off, and keeps what it refuses', async () => {
    const key = await aPerson('luis@example.com');
    await eventually(() => expect(mailsTo('luis@example.com')).toHaveLength(1));
    server.willDo('put off');
    const change = { current_password: PASSWORD, new_password: `${PASSWORD} y mar` };
    expect((await call('POST', 'auth/password', { key, body: change })).status).toBe(204);
    await eventually(() => expect(mailsTo('luis@example.com')).toHaveLength(2));
    await eventually(async () => {
      expect(await queued('password_changed')).toMatchObject([{ state: 'sent', attempts: 2 }]);
    });

    server.willDo('refuse');
    const back = { current_password: change.new_password, new_password: PASSWORD };
    expect((await call('POST', 'auth/password', { key, body: back })).status).toBe(204);
    await eventually(async () => {
      const states = (await queued('password_changed')).map(({ state }) => state);
      expect(states.toSorted()).toEqual(['refused', 'sent']);
    });
    // Counted after the row is written.
    await eventually(async () => {
      expect(await api.running.app.get(Metrics).registry.metrics()).toMatch(
        /payments_mails_total\{kind="password_changed",outcome="kept"\} 1/,
      );
    });
    expect(api.running.lines.join('')).not.toContain('luis@example.com');

    const again = await db()
      .selectFrom('state.mail')
      .select('mail_id')
      .where('state', '=', 'refused')
      .executeTakeFirstOrThrow();
    const queue = api.running.app.get(MailQueue);
    expect(await queue.sendAgain(again.mail_id, new Date())).toBe(1);
    await eventually(() => expect(mailsTo('luis@example.com')).toHaveLength(3));
  });

  it('keeps mails while the server is away, and sends them by itself once it is back', async () => {
    // In vain for the first try, the second one, and once more while it is kept.
    server.willDo('die', 'die', 'die');
    await aPerson('rosa@example.com');
    await eventually(
      async () => {
        const kept = (await queued('sign_in_from_new_place')).filter(
          ({ state }) => state === 'kept',
        );
        expect(kept).toMatchObject([{ recipient: 'rosa@example.com', ended_at: null }]);
      },
      { withinMs: 30_000 },
    );
    await eventually(() => expect(mailsTo('rosa@example.com')).toHaveLength(1), {
      withinMs: 30_000,
    });
  });

  it("tells a merchant's contact of its claims in one mail, each claim once", async () => {
    const { merchantId, accountId } = await api.aMerchant();
    const patch = await call('PATCH', `merchants/${merchantId}`, {
      key: admin,
      body: { contact_email: 'Tienda@Example.com' },
      headers: { 'if-match': '"1"' },
    });
    expect(patch).toMatchObject({ status: 200, body: { contact_email: 'tienda@example.com' } });
    const job = api.running.app.get(ClaimsDigestJob);
    const signal = new AbortController().signal;
    expect(await job.run(signal)).toBe('told 0 merchants');

    const key = await api.aKey(merchantId, ['transactions:write', 'transactions:read']);
    const ids: string[] = [];
    for (const reference of ['683473071', '683473072', '683473073']) {
      const body = {
        external_id: reference,
        kind: 'pago_movil',
        receiving_account_id: accountId,
        origin_bank: '0102',
        reference,
        amount: 100,
        currency: 'VES',
        paid_on: '2026-03-10',
        payer: { phone: '04125555555' },
      };
      const { body: made } = await call('POST', 'transactions', { key, body });
      ids.push(String(made['id']));
    }
    await eventually(async () => {
      const { body } = await call<{ data: unknown[] }>('GET', 'transactions', { key });
      expect(body.data).toHaveLength(3);
    });
    // As later events would leave them.
    const become = (status: string, id: string | undefined) =>
      sql`update read.transaction_view set status = ${status}, position = position + 1000000
        where transaction_id = ${id}`.execute(db());
    await become('rejected', ids[0]);
    await become('needs_review', ids[1]);
    expect(await job.run(signal)).toBe('told 1 merchants');
    await become('rejected', ids[0]);
    expect(await job.run(signal)).toBe('told 0 merchants');
    await become('rejected', ids[1]);
    expect(await job.run(signal)).toBe('told 1 merchants');

    await eventually(() => expect(mailsTo('tienda@example.com')).toHaveLength(2));
    const [first = '', second = ''] = mailsTo('tienda@example.com').map(decoded);
    expect(first).toContain('Esperan la decisión de una persona: 1. Fueron rechazados: 1.');
    expect(second).toContain('Esperan la decisión de una persona: 0. Fueron rechazados: 1.');
    const { body: audit } = await call('GET', 'audit?act=merchant.changed', { key: admin });
    expect(JSON.stringify(audit)).not.toContain('tienda');
  });

  it('forgets mails that are long over', async () => {
    const before = (await db().selectFrom('state.mail').selectAll().execute()).length;
    expect(before).toBeGreaterThan(0);
    await eventually(async () => {
      await sql`update state.mail set ended_at = now() - interval '31 days' where ended_at is not null`.execute(
        db(),
      );
      await api.running.app.get(MailCleanupJob).run();
      expect(await db().selectFrom('state.mail').selectAll().execute()).toEqual([]);
    });
  });

  describe('by a sender that dies or fails', () => {
    class ScriptedMailer extends Mailer {
      readonly seen: string[] = [];
      constructor(private readonly act: () => MailOutcome | Error) {
        super();
      }
      send({ mailId }: AddressedMail): Promise<MailOutcome> {
        this.seen.push(mailId);
        const outcome = this.act();
        return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
      }
    }
    const MAIL_ID = '5a0ff1d5-6f4c-4f0c-8a6e-1f2e3d4c5b6a';
    const signal = new AbortController().signal;
    // Long before now, so that the service itself, whose clock is the wall's, never finds it due.
    const clock = new TestClock(new Date('2200-01-01T00:00:00.000Z'));

    const aDelivery = (mailer: Mailer): MailDelivery => {
      const config = readConfiguration([MailConfig], { MAIL_RETRIES: '1' }).section(MailConfig);
      const queue = api.running.app.get(MailQueue);
      return new MailDelivery(queue, mailer, config, new MailWatch(clock, new Metrics()));
    };
    const row = () =>
      db()
        .selectFrom('state.mail')
        .selectAll()
        .where('mail_id', '=', MAIL_ID)
        .executeTakeFirstOrThrow();

    beforeEach(async () => {
      await sql`delete from state.mail`.execute(db());
      const queue = api.running.app.get(MailQueue);
      const mail = {
        mailId: MAIL_ID,
        kind: 'totp_reset',
        recipient: 'x@example.com',
        facts: {},
      } as const;
      // The same cause twice is one mail.
      await queue.inTransaction((tx) => queue.add(tx, mail, clock.now()));
      await queue.inTransaction((tx) => queue.add(tx, mail, clock.now()));
    });

    afterAll(() => sql`delete from state.mail where recipient = 'x@example.com'`.execute(db()));

    it('repeats what it does not know the end of, and leaves it to a person when it never ends', async () => {
      const mailer = new ScriptedMailer(() => new Error('killed'));
      const delivery = aDelivery(mailer);
      for (let life = 0; life < 2; life += 1) {
        await expect(delivery.sendNext(signal)).rejects.toThrow('killed');
        expect(await delivery.sendNext(signal)).toBe(false);
        clock.advance(3_600_000);
      }
      expect(await delivery.sendNext(signal)).toBe(true);
      expect(await row()).toMatchObject({
        state: 'refused',
        recipient: 'x@example.com',
        failed_with: 'unsettled',
        attempts: 2,
      });
      clock.advance(3_600_000);
      expect(await delivery.sendNext(signal)).toBe(false);
      expect(mailer.seen).toEqual([MAIL_ID, MAIL_ID]);
    });

    it('loses none while the server is away for days and the sender is killed meanwhile', async () => {
      const queue = api.running.app.get(MailQueue);
      const others = [2, 3, 4].map((at) => MAIL_ID.replace(/^.{8}/, `0000000${at}`));
      const all = [MAIL_ID, ...others];
      for (const mailId of others) {
        const mail = { mailId, kind: 'totp_reset', recipient: 'x@example.com', facts: {} } as const;
        await queue.inTransaction((tx) => queue.add(tx, mail, clock.now()));
      }
      let isAway = true;
      let isKilled = false;
      const mailer = new ScriptedMailer(() => {
        if (isKilled) return new Error('killed');
        return isAway ? { outcome: 'failed', reason: 'ECONNREFUSED' } : { outcome: 'sent' };
      });
      const delivery = aDelivery(mailer);
      const work = async () => {
        while (await delivery.sendNext(signal));
      };
      for (let hour = 0; hour < 48; hour += 1) {
        await work();
        clock.advance(3_600_000);
        isKilled = hour === 12 || hour === 30;
        if (isKilled) await expect(delivery.sendNext(signal)).rejects.toThrow('killed');
        isKilled = false;
      }
      expect((await queue.undelivered(10)).map(({ mail_id: id }) => id).toSorted()).toEqual(
        all.toSorted(),
      );
      // One looks for the server now and then, whatever waits for it.
      expect(mailer.seen.length).toBeLessThan(all.length * 2 + 4 * 48);
      isAway = false;
      mailer.seen.length = 0;
      clock.advance(3_600_000);
      await work();
      expect(mailer.seen.toSorted()).toEqual(all.toSorted());
      expect(await row()).toMatchObject({ state: 'sent', recipient: null });
    });

    it('forgets a kept mail when it is too old', async () => {
      const delivery = aDelivery(
        new ScriptedMailer(() => ({ outcome: 'refused', reason: 'EENVELOPE 550' })),
      );
      await delivery.sendNext(signal);
      expect(await row()).toMatchObject({ state: 'refused', recipient: 'x@example.com' });
      const queue = api.running.app.get(MailQueue);
      const days = (count: number) => new Date(clock.now().getTime() + count * 24 * 3_600_000);
      expect(await queue.giveUp(days(-1), days(0))).toEqual([]);
      expect(await queue.giveUp(days(1), days(0))).toEqual(['totp_reset']);
      expect(await row()).toMatchObject({ state: 'failed', recipient: null });
    });

    it('leaves what was stopped on purpose for the next time', async () => {
      const stopping = new AbortController();
      const delivery = aDelivery(
        new ScriptedMailer(() => {
          stopping.abort();
          return { outcome: 'failed', reason: 'ECONNECTION' };
        }),
      );
      expect(await delivery.sendNext(stopping.signal)).toBe(false);
      expect(await row()).toMatchObject({ state: 'waiting', failed_with: null, attempts: 1 });
    });
  });
});

/** The quoted-printable parts of a mail, readable. */
const decoded = (mail: string): string =>
  Buffer.from(
    mail
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  ).toString('utf8');
