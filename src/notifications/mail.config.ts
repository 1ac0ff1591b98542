import { oneOf, port, text, wholeNumber } from '../platform/config/shapes.js';
import { configSection, optionalSecretVariable, variable } from '../platform/config/variable.js';

/** Where mail is handed over, in whose name, and how patiently. Without a host none is sent or queued. */
export class MailConfig extends configSection({
  host: variable('SMTP_HOST', text, {
    fallback: '',
    doc: 'Mail server that takes what the service has to tell people and merchants; empty: no mail is sent.',
  }),
  port: variable('SMTP_PORT', port, {
    fallback: '587',
    doc: 'Its port: 587 for starttls, 465 for implicit.',
  }),
  tls: variable('SMTP_TLS', oneOf('starttls', 'implicit', 'none'), {
    fallback: 'starttls',
    doc: 'How the connection is encrypted. `starttls` is demanded of the server, not only tried; `none` suits a catcher of mail on this machine.',
  }),
  caFile: variable('SMTP_TLS_CA_FILE', text, {
    fallback: '',
    doc: 'Certificates, in PEM, of the authority that vouches for the mail server; empty: those that Node knows.',
  }),
  user: variable('SMTP_USER', text, {
    fallback: '',
    doc: 'Who the service signs in as at the mail server; empty: it does not.',
  }),
  password: optionalSecretVariable('SMTP_PASSWORD', text, {
    doc: 'The password of SMTP_USER.',
  }),
  from: variable('SMTP_FROM', text, {
    fallback: '',
    doc: 'Address that mails come from; required with SMTP_HOST.',
  }),
  fromName: variable('SMTP_FROM_NAME', text, {
    fallback: 'Constancia',
    doc: 'Name that mails come from.',
  }),
  language: variable('MAIL_LANGUAGE', oneOf('en', 'es'), {
    fallback: 'en',
    doc: 'Language of mails: en or es.',
  }),
  timeLimitSeconds: variable('MAIL_TIME_LIMIT_SECONDS', wholeNumber(1, 3_600), {
    fallback: '300',
    doc: 'How long handing over one mail may take.',
  }),
  retrySeconds: variable('MAIL_RETRY_SECONDS', wholeNumber(1, 86_400), {
    fallback: '60',
    doc: 'How long after a failure a mail is tried again; twice as long after each further one.',
  }),
  retries: variable('MAIL_RETRIES', wholeNumber(0, 20), {
    fallback: '3',
    doc: 'How often a mail is tried again at once; after that it is kept and tried now and then, at most an hour apart.',
  }),
  keptDays: variable('MAIL_KEPT_DAYS', wholeNumber(1, 365), {
    fallback: '14',
    doc: 'How long a mail that could not be handed over is kept, with its address.',
  }),
  digestMinutes: variable('MAIL_DIGEST_MINUTES', wholeNumber(1, 10_080), {
    fallback: '60',
    doc: 'How often at most a merchant is told of claims that were rejected or need somebody.',
  }),
}) {}
