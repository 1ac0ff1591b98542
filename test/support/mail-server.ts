import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Identity } from './certificates.js';

export const MAIL_USER = 'constancia';
export const MAIL_PASSWORD = 'made-up';

/** What the server does with one mail after the other; the last one stays. */
export type Conduct = 'take' | 'refuse' | 'put off' | 'put off the content' | 'die';

export interface MailServerOptions {
  readonly identity: Identity;
  readonly secure?: boolean;
  readonly withoutTls?: boolean;
}

const answer = (responseCode: number): Error =>
  Object.assign(new Error(`no box of somebody@example.com`), { responseCode });

/** A real mail server on a free port, that keeps what it is given and misbehaves when told to. */
export class MailServer {
  static start({
    identity,
    secure = false,
    withoutTls = false,
  }: MailServerOptions): Promise<MailServer> {
    const mails: string[] = [];
    const conducts: Conduct[] = [];
    const conduct = (): Conduct => conducts[0] ?? 'take';
    const next = (): void => void (conducts.length > 0 && conducts.shift());
    const options: SMTPServerOptions = {
      secure,
      key: identity.privateKey,
      cert: identity.certificate,
      logger: false,
      closeTimeout: 100,
      disabledCommands: withoutTls ? ['STARTTLS'] : [],
      allowInsecureAuth: withoutTls,
      onAuth: ({ username, password }, _, done) =>
        username === MAIL_USER && password === MAIL_PASSWORD
          ? done(null, { user: username })
          : done(answer(535)),
      onRcptTo(_, __, done) {
        const now = conduct();
        if (now !== 'refuse' && now !== 'put off') return done();
        next();
        done(answer(now === 'refuse' ? 550 : 451));
      },
      onData(stream, _, done) {
        const now = conduct();
        next();
        if (now === 'die') {
          for (const connection of server.connections) connection.close();
          return;
        }
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (now === 'put off the content') return done(answer(452));
          mails.push(Buffer.concat(chunks).toString('utf8'));
          done();
        });
      },
    };
    const server = new SMTPServer(options);
    // Clients that do not believe the certificate break off.
    server.on('error', () => undefined);
    return new Promise((resolve) => {
      const listening = server.listen(0, '127.0.0.1', () => {
        const { port } = listening.address() as AddressInfo;
        resolve(new MailServer(server, { port, mails, conducts }));
      });
    });
  }

  readonly port: number;
  /** Every mail that was taken, as it came. */
  readonly mails: readonly string[];
  private readonly conducts: Conduct[];

  private constructor(
    private readonly server: SMTPServer,
    known: { readonly port: number; readonly mails: string[]; readonly conducts: Conduct[] },
  ) {
    this.port = known.port;
    this.mails = known.mails;
    this.conducts = known.conducts;
  }

  /** What becomes of the next mails, in order; those after them are taken. */
  willDo(...conducts: readonly Conduct[]): void {
    this.conducts.splice(0, Infinity, ...conducts);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** The subject of a mail in plain text; encoded words only where it needs them. */
export function subjectOf(mail: string): string {
  const [, subject = ''] = /^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(mail) ?? [];
  return subject.replaceAll(/\r?\n[ \t]/g, ' ');
}
