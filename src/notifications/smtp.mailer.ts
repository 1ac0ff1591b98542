import { Injectable } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { configuredHostLookup } from '../platform/network/configured-hosts.js';
import { MailConfig } from './mail.config.js';
import { Mailer, type AddressedMail, type MailOutcome } from './mailer.port.js';

// A server that says nothing for so long is gone, however long a whole mail may take.
const SILENCE_MS = 60_000;

/** Hands mails over to a mail server, one connection each. */
@Injectable()
export class SmtpMailer extends Mailer {
  private readonly ca: string | null;

  constructor(private readonly config: MailConfig) {
    super();
    // Read at the start, where a wrong path is noticed.
    this.ca = config.caFile === '' ? null : readFileSync(config.caFile, 'utf8');
  }

  async send(mail: AddressedMail, signal: AbortSignal): Promise<MailOutcome> {
    const { from, fromName } = this.config;
    const domain = from.slice(from.indexOf('@') + 1);
    let socket: Socket | null = null;
    const end = (): void => void socket?.destroy();
    signal.addEventListener('abort', end);
    try {
      socket = await this.connection(signal);
      await this.transport(socket).sendMail({
        messageId: `<${mail.mailId}@${domain}>`,
        date: mail.at,
        from: { name: fromName, address: from },
        to: { name: '', address: mail.recipient },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // RFC 3834: nobody's absence shall be answered to us.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return { outcome: 'sent' };
    } catch (error) {
      return outcomeOf(error);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  /** A socket of our own, since it is what can be ended when the time is up. */
  private connection(signal: AbortSignal): Promise<Socket> {
    const { host, port } = this.config;
    return new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        timeout: SILENCE_MS,
        signal,
        // Mail servers are often within the own network.
        lookup: configuredHostLookup(true),
      });
      // It stays: what fails later is told by the transport, and nobody else would listen then.
      socket.on('error', reject);
      socket.once('timeout', () => socket.destroy(new Error('silent')));
      socket.once('connect', () => resolve(socket));
    });
  }

  private transport(socket: Socket) {
    const { host, port, tls, user, password } = this.config;
    return createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { minVersion: 'TLSv1.2', ...(this.ca === null ? {} : { ca: this.ca }) },
      ...(user === '' ? {} : { auth: { user, pass: password.reveal() } }),
      greetingTimeout: SILENCE_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      getSocket: (_, callback) => callback(null, { connection: socket }),
    });
  }
}

/** What a failure means: only a server that refuses this very mail for good ends it at once. */
function outcomeOf(error: unknown): MailOutcome {
  const { code = 'unknown', responseCode = 0 } = error as { code?: string; responseCode?: number };
  const reason = responseCode === 0 ? code : `${code} ${responseCode}`;
  const ofTheMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return { outcome: ofTheMail && responseCode >= 500 ? 'refused' : 'failed', reason };
}
