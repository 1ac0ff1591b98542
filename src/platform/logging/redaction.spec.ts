import { Secret } from '../config/secret.js';
import { createLogger } from './logger.js';
import { loggedError, redactText } from './redaction.js';

/** Everything that a line written in this way says. */
const written = (log: (logger: ReturnType<typeof createLogger>) => void): string => {
  const lines: string[] = [];
  log(createLogger({ level: 'trace', pretty: false }, { write: (line) => void lines.push(line) }));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('time');
  return lines.join('');
};

const CANARIES = {
  phone: '+584121234567',
  payer_phone: '04141234567',
  payerDocument: 'V12345678',
  payer_name: 'Canary Name',
  concept: 'canary concept',
  metadata: { order: 'canary order' },
  payer: { name: 'Canary Payer', phone: '584121234567', inner: ['canary inner'] },
  reference: '683473078001',
  accountNumber: '01340000000000000001',
  authorization: 'Bearer canary-bearer',
  Cookie: 'sid=canary-cookie',
  'set-cookie': ['sid=canary-set-cookie'],
  password: 'canary-password',
  client_secret: 'canary-client-secret',
  access_token: 'canary-access-token',
  apiKey: 'ck_live_canary_canarysecret',
  body: '{"canary":"body"}',
};

const SECRETS = /canary|Canary|\d{7,}|V12345678/;

describe('keeping secrets and personal data out of the log', () => {
  it('hides every known field at the top of a line', () => {
    expect(written((logger) => logger.info(CANARIES, 'said'))).not.toMatch(SECRETS);
  });

  it('hides them at any depth and in lists', () => {
    const line = written((logger) =>
      logger.warn({ request: { headers: CANARIES, list: [{ deep: { deeper: CANARIES } }] } }),
    );
    expect(line).not.toMatch(SECRETS);
  });

  it('hides them in what a child logger carries along', () => {
    expect(written((logger) => logger.child(CANARIES).info('said'))).not.toMatch(SECRETS);
  });

  it('hides what libraries hang on their errors', () => {
    const error = Object.assign(new Error('request failed'), {
      config: { headers: CANARIES, data: CANARIES.body },
      code: 'ERR_BAD_REQUEST',
    });
    const line = written((logger) => logger.error({ err: error }, 'the call failed'));
    expect(line).not.toMatch(SECRETS);
    expect(line).toContain('ERR_BAD_REQUEST');
  });

  it('cleans messages, in errors and in the chain of their causes too', () => {
    const cause = new Error('no row for V12345678 and 04141234567');
    const error = new Error('connecting to postgresql://app:canary-word@db failed', { cause });
    const line = written((logger) => {
      logger.error(error);
      logger.info('key ck_test_canary_canary of canary@example.org, %s', '01340000000000000001');
    });
    expect(line).not.toMatch(SECRETS);
  });

  it('shows a secret of the configuration as such', () => {
    const line = written((logger) => logger.info({ url: new Secret('canary') }));
    expect(line).toContain('[secret]');
  });

  it('keeps what operations need', () => {
    const fields = {
      transaction_id: '8f2bd9e2-6d5a-5c0e-9a54-0d4f6f1c7a11',
      amount_minor: 124050n,
      status: 202,
      at: '2026-11-20T10:00:00.000Z',
    };
    expect(JSON.parse(written((logger) => logger.info(fields, 'accepted')))).toMatchObject({
      ...fields,
      amount_minor: '124050',
      level: 'info',
      service: 'constancia',
      msg: 'accepted',
    });
  });

  it('ends a chain of causes that is a circle', () => {
    const error = new Error('one');
    error.cause = error;
    expect(JSON.stringify(loggedError(error))).toContain('one');
  });

  it('leaves ordinary text alone', () => {
    const text = 'projection daily-totals at position 1234567 after 20 ms, id e1234567-aaaa';
    expect(redactText(text)).toBe(text);
  });
});
