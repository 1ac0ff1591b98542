import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MailConfig } from '../../src/notifications/mail.config.js';
import { SmtpMailer } from '../../src/notifications/smtp.mailer.js';
import { readConfiguration } from '../../src/platform/config/config.js';
import { TestAuthority } from '../support/certificates.js';
import { MAIL_PASSWORD, MAIL_USER, MailServer, subjectOf } from '../support/mail-server.js';

const authority = new TestAuthority('a mail authority');
const identity = authority.issue('a mail server');

describe('handing a mail over to a mail server', () => {
  let folder: string;
  let server: MailServer | null = null;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mail-'));
    await writeFile(join(folder, 'ca.pem'), authority.certificate);
  });

  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  afterAll(() => rm(folder, { recursive: true }));

  const open = async (
    options: { readonly secure?: boolean; readonly withoutTls?: boolean } = {},
  ): Promise<MailServer> => (server = await MailServer.start({ identity, ...options }));

  const send = (port: number, variables: Record<string, string> = {}, limitMs = 30_000) => {
    const environment = {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(port),
      SMTP_TLS_CA_FILE: join(folder, 'ca.pem'),
      SMTP_USER: MAIL_USER,
      SMTP_PASSWORD: MAIL_PASSWORD,
      SMTP_FROM: 'constancia@pagos.example.com',
      ...variables,
    };
    const config = readConfiguration([MailConfig], environment).section(MailConfig);
    return new SmtpMailer(config).send(
      {
        mailId: '5a0ff1d5-6f4c-4f0c-8a6e-1f2e3d4c5b6a',
        recipient: 'somebody@example.com',
        subject: 'Su contraseña fue cambiada',
        text: 'Hola\n',
        html: '<p>Hola</p>',
        at: new Date('2026-01-31T12:00:00.000Z'),
      },
      AbortSignal.timeout(limitMs),
    );
  };

  it.each([
    ['starttls', false],
    ['implicit', true],
  ])('hands it over under TLS, %s, signed in, in two forms', async (tls, secure) => {
    const { port, mails } = await open({ secure });
    expect(await send(port, { SMTP_TLS: tls })).toEqual({ outcome: 'sent' });

    const [mail = ''] = mails;
    expect(subjectOf(mail)).toMatch(/^=\?UTF-8\?Q\?Su_contrase=C3=B1a/);
    expect(mail).toContain('From: Constancia <constancia@pagos.example.com>');
    expect(mail).toContain('To: somebody@example.com');
    expect(mail).toContain('<5a0ff1d5-6f4c-4f0c-8a6e-1f2e3d4c5b6a@pagos.example.com>');
    expect(mail).toContain('Auto-Submitted: auto-generated');
    expect(mail).toContain('Content-Type: text/plain');
    expect(mail).toContain('Content-Type: text/html');
  });

  it('lets nothing in a name become a header', async () => {
    const { port, mails } = await open();
    const name = 'Constancia\r\nBcc: all@example.com';
    expect(await send(port, { SMTP_FROM_NAME: name })).toEqual({ outcome: 'sent' });
    expect(mails[0]).not.toMatch(/^Bcc:/im);
  });

  it('hands nothing over without TLS, unless told to', async () => {
    const { port, mails } = await open({ withoutTls: true });
    expect(await send(port)).toMatchObject({ outcome: 'failed' });
    expect(mails).toHaveLength(0);
    expect(await send(port, { SMTP_TLS: 'none' })).toEqual({ outcome: 'sent' });
  });

  it('believes no certificate of a stranger', async () => {
    const { port, mails } = await open();
    const stranger = join(folder, 'stranger.pem');
    await writeFile(stranger, new TestAuthority('a stranger').certificate);
    expect(await send(port, { SMTP_TLS_CA_FILE: stranger })).toMatchObject({ outcome: 'failed' });
    expect(mails).toHaveLength(0);
  });

  it.each([
    ['refuse', { outcome: 'refused', reason: 'EENVELOPE 550' }],
    ['put off', { outcome: 'failed', reason: 'EENVELOPE 451' }],
    ['put off the content', { outcome: 'failed', reason: 'EMESSAGE 452' }],
    ['die', { outcome: 'failed' }],
  ] as const)('says what it means when servers %s', async (conduct, outcome) => {
    const opened = await open();
    opened.willDo(conduct);
    const told = await send(opened.port);
    expect(told).toMatchObject(outcome);
    // Codes, and not what the server said: that may hold an address.
    expect(JSON.stringify(told)).not.toContain('example.com');
  });

  it('takes a refused password for something to be mended', async () => {
    const { port } = await open();
    expect(await send(port, { SMTP_PASSWORD: 'another' })).toEqual({
      outcome: 'failed',
      reason: 'EAUTH 535',
    });
  });

  it('fails when nobody listens', async () => {
    const { port, stop } = await open().then((opened) => ({
      port: opened.port,
      stop: () => opened.stop(),
    }));
    await stop();
    server = null;
    expect(await send(port)).toMatchObject({ outcome: 'failed' });
  });

  it('ends when its time is up, whatever the server waits for', async () => {
    const sockets: Socket[] = [];
    const silent: Server = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      expect(await send(port, {}, 300)).toMatchObject({ outcome: 'failed' });
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    }
  });
});
