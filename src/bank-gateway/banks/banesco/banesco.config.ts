import { createPrivateKey } from 'node:crypto';
import { assert } from '../../../kernel/assert.js';
import { flag, nonEmpty, oneOf, text, wholeNumber } from '../../../platform/config/shapes.js';
import {
  configSection,
  optionalSecretVariable,
  secretVariable,
  variable,
} from '../../../platform/config/variable.js';
import {
  bankAddress,
  bankPath,
  maintenanceHours,
  milliseconds,
  pem,
  word,
} from '../../bank-shapes.js';
import type { BankSetup } from '../../bank-setup.js';
import { CLIENT_AUTHENTICATIONS, GRANTS, type GrantSettings } from '../../http/grants.js';

/** Banesco's own code among the banks. */
export const BANESCO = '0134';

/** How to reach Banesco, whom we are there, and what the contract allows. */
export class BanescoConfig extends configSection({
  baseUrl: variable('BANESCO_BASE_URL', bankAddress, {
    doc: 'Host of the API; QA and production differ and neither follows from the other.',
  }),
  tokenUrl: variable('BANESCO_TOKEN_URL', bankAddress, {
    doc: 'Token endpoint, host and path.',
  }),
  transactionsPath: variable('BANESCO_TRANSACTIONS_PATH', bankPath, {
    doc: 'Path of the confirmation of transactions; the one of QA is answered 404 in production.',
  }),
  clientId: secretVariable('BANESCO_CLIENT_ID', nonEmpty, { doc: 'Client id from the bank.' }),
  clientSecret: secretVariable('BANESCO_CLIENT_SECRET', nonEmpty, {
    doc: 'Client secret from the bank.',
  }),
  username: optionalSecretVariable('BANESCO_USERNAME', text, {
    doc: 'User of the password grant where it is not the client itself; empty for the client id.',
  }),
  password: optionalSecretVariable('BANESCO_PASSWORD', text, {
    doc: 'Password of that user; empty for the client secret.',
  }),
  grant: variable('BANESCO_GRANT', oneOf(...GRANTS), {
    fallback: 'password',
    doc: 'OAuth2 grant: password (the client as its own user, what the bank takes) or client_credentials.',
  }),
  clientAuthentication: variable('BANESCO_CLIENT_AUTH', oneOf(...CLIENT_AUTHENTICATIONS), {
    fallback: 'basic',
    doc: 'How the client shows itself to the token endpoint: basic (header), body, private_key_jwt or tls.',
  }),
  clientKeyFile: variable('BANESCO_CLIENT_KEY_FILE', text, {
    fallback: '',
    doc: 'File of the key (PEM, RSA or P-256) that signs for private_key_jwt.',
  }),
  clientKeyId: variable('BANESCO_CLIENT_KEY_ID', text, {
    fallback: '',
    doc: 'Name of that key at the bank, where it knows several.',
  }),
  tokenIssuer: variable('BANESCO_TOKEN_ISSUER', text, {
    fallback: '',
    doc: 'For whom private_key_jwt is signed; empty for the address of the token endpoint.',
  }),
  scope: variable('BANESCO_SCOPE', text, {
    fallback: '',
    doc: 'Scope to ask for; most affiliates send none.',
  }),
  affiliate: variable('BANESCO_AFFILIATE', word, {
    doc: 'Names us as an affiliate, in letters and digits; part of every slot, so it never changes.',
  }),
  credentialId: variable('BANESCO_CREDENTIAL_ID', word, {
    fallback: 'banesco',
    doc: 'Our own name for this credential, in permits, metrics and receiving accounts.',
  }),
  sandbox: variable('BANESCO_SANDBOX', flag, {
    fallback: 'false',
    doc: 'true where this credential leads to a sandbox: only there are claims of test keys asked about.',
  }),
  privateNetwork: variable('BANESCO_PRIVATE_NETWORK', flag, {
    fallback: 'false',
    doc: 'true where the bank is reached through a VPN: its public name may then lead to a private address.',
  }),
  deviceAddress: variable('BANESCO_DEVICE_ADDRESS', nonEmpty, {
    fallback: '127.0.0.1',
    doc: 'The address that requests name as the sending device.',
  }),
  timeoutMs: variable('BANESCO_TIMEOUT_MS', milliseconds(100), {
    fallback: '20000',
    doc: 'Longest time of one attempt as a whole.',
  }),
  connectTimeoutMs: variable('BANESCO_CONNECT_TIMEOUT_MS', milliseconds(50), {
    fallback: '5000',
    doc: 'Longest time until a connection stands, TLS included.',
  }),
  headersTimeoutMs: variable('BANESCO_HEADERS_TIMEOUT_MS', milliseconds(50), {
    fallback: '15000',
    doc: 'Longest time from then until the answer begins.',
  }),
  bodyTimeoutMs: variable('BANESCO_BODY_TIMEOUT_MS', milliseconds(50), {
    fallback: '10000',
    doc: 'Longest time from then until the answer is in.',
  }),
  maxAnswerBytes: variable('BANESCO_MAX_ANSWER_BYTES', wholeNumber(1000, 100_000_000), {
    fallback: '4000000',
    doc: 'Largest answer that is read; a listing of 500 rows has about 200000 bytes.',
  }),
  limitCalls: variable('BANESCO_LIMIT_CALLS', wholeNumber(1, 100_000), {
    fallback: '2',
    doc: 'Calls of any kind that the contract allows in a window.',
  }),
  limitWindowMs: variable('BANESCO_LIMIT_WINDOW_MS', milliseconds(1), {
    fallback: '60000',
    doc: 'Length of that window; it slides.',
  }),
  limitMarginMs: variable('BANESCO_LIMIT_MARGIN_MS', milliseconds(0), {
    fallback: '500',
    doc: 'Added to every window, since two clocks never run equally fast.',
  }),
  limitPerTransactionCalls: variable('BANESCO_LIMIT_PER_TRANSACTION_CALLS', wholeNumber(1, 1000), {
    fallback: '2',
    doc: 'Look-ups about one transaction in a window.',
  }),
  tokenCallsCount: variable('BANESCO_TOKEN_CALLS_COUNT', flag, {
    fallback: 'true',
    doc: 'Whether token calls count against the calls of the contract; the bank has not said.',
  }),
  tokenLimitCalls: variable('BANESCO_TOKEN_LIMIT_CALLS', wholeNumber(1, 1000), {
    fallback: '2',
    doc: 'Token calls in a window, whether or not they count against the others.',
  }),
  permitWaitMs: variable('BANESCO_PERMIT_WAIT_MS', milliseconds(0), {
    fallback: '2000',
    doc: 'How long a repeat within one ask may wait for a permit of its own.',
  }),
  maxConcurrent: variable('BANESCO_MAX_CONCURRENT', wholeNumber(1, 100), {
    fallback: '2',
    doc: 'Calls of one instance under way at once.',
  }),
  queueLimit: variable('BANESCO_QUEUE_LIMIT', wholeNumber(1, 10_000), {
    fallback: '100',
    doc: 'Calls of one instance that may wait for their turn.',
  }),
  connectRepeats: variable('BANESCO_CONNECT_REPEATS', wholeNumber(0, 5), {
    fallback: '1',
    doc: 'Repeats of an attempt whose connection never stood; each takes a permit.',
  }),
  connectRepeatPauseMs: variable('BANESCO_CONNECT_REPEAT_PAUSE_MS', milliseconds(0), {
    fallback: '500',
    doc: 'Upper end of the random pause before the first repeat; doubles with each.',
  }),
  circuitFailures: variable('BANESCO_CIRCUIT_FAILURES', wholeNumber(1, 1000), {
    fallback: '5',
    doc: 'Failures in a row after which calls are held back.',
  }),
  circuitOpenMs: variable('BANESCO_CIRCUIT_OPEN_MS', milliseconds(1), {
    fallback: '30000',
    doc: 'How long they are held back before one call probes.',
  }),
  retryAfterCapMs: variable('BANESCO_RETRY_AFTER_CAP_MS', milliseconds(0), {
    fallback: '300000',
    doc: 'Longest Retry-After of the bank that is obeyed.',
  }),
  maintenanceMs: variable('BANESCO_MAINTENANCE_MS', milliseconds(1), {
    fallback: '600000',
    doc: 'Pause after the bank says that it is in maintenance.',
  }),
  maintenanceHours: variable('BANESCO_MAINTENANCE_HOURS', maintenanceHours, {
    fallback: '',
    doc: 'Hours in Caracas in which the bank is not asked, such as 02:00-06:00, which one source saw; empty for none.',
  }),
  tokenPauseMs: variable('BANESCO_TOKEN_PAUSE_MS', milliseconds(1), {
    fallback: '5000',
    doc: 'Pause after a token could not be had.',
  }),
  internalTransferSendsDate: variable('BANESCO_INTERNAL_TRANSFER_SENDS_DATE', flag, {
    fallback: 'false',
    doc: 'Whether a look-up of a transfer within the bank names the day; sources contradict each other.',
  }),
  pagoMovilSendsAccount: variable('BANESCO_PAGO_MOVIL_SENDS_ACCOUNT', flag, {
    fallback: 'false',
    doc: 'Whether a look-up of a Pago Móvil names the receiving account; integrations do either.',
  }),
  listingGranted: variable('BANESCO_LISTING_GRANTED', flag, {
    fallback: 'false',
    doc: 'Whether the bank lets this affiliate list an account; not every affiliate may.',
  }),
  listingMaxDays: variable('BANESCO_LISTING_MAX_DAYS', wholeNumber(1, 366), {
    fallback: '30',
    doc: 'Longest range of one listing.',
  }),
  referenceDigits: variable('BANESCO_REFERENCE_DIGITS', wholeNumber(4, 20), {
    fallback: '6',
    doc: 'Last digits of a reference that the bank compares and is sure to report.',
  }),
  commissionBasisPoints: variable('BANESCO_COMMISSION_BASIS_POINTS', wholeNumber(0, 10_000), {
    fallback: '150',
    doc: 'Largest commission, in hundredths of a percent: a smaller row beside a credit is its commission.',
  }),
  caFile: variable('BANESCO_CA_FILE', text, {
    fallback: '',
    doc: 'File of the authorities (PEM) that vouch for the bank; empty for the public ones.',
  }),
  certificateFile: variable('BANESCO_CERTIFICATE_FILE', text, {
    fallback: '',
    doc: 'File of our certificate (PEM) for mutual TLS; empty for none.',
  }),
  certificateKeyFile: variable('BANESCO_CERTIFICATE_KEY_FILE', text, {
    fallback: '',
    doc: 'File of the key (PEM) of that certificate.',
  }),
}) {}

/** What the rest of the gateway needs to know, in its own words. */
export function banescoSetup(config: BanescoConfig): Omit<BankSetup, 'adapter'> {
  const { credentialId, affiliate } = config;
  const windowMs = config.limitWindowMs + config.limitMarginMs;
  return {
    credential: { credentialId, bank: BANESCO, affiliate, sandbox: config.sandbox },
    limits: {
      calls: config.limitCalls,
      windowMs: config.limitWindowMs,
      marginMs: config.limitMarginMs,
      callsPerTransaction: config.limitPerTransactionCalls,
      tokenCallsCount: config.tokenCallsCount,
      tokenCalls: config.tokenLimitCalls,
      callDeadlineMs: config.timeoutMs,
    },
    http: httpSettings(config),
    limiter: {
      maxConcurrent: config.maxConcurrent,
      queueLimit: config.queueLimit,
      // Only a call that escaped its own time-outs lasts this long.
      expirationMs: (config.connectRepeats + 1) * (config.timeoutMs + config.permitWaitMs) + 60_000,
    },
    line: {
      wholeMs: config.timeoutMs,
      permitWaitMs: config.permitWaitMs,
      tokenPauseMs: config.tokenPauseMs,
      maintenanceHours: config.maintenanceHours,
      pauses: { rateLimitMs: windowMs, maintenanceMs: config.maintenanceMs },
    },
    authorization: { by: 'token', grant: grantSettings(config) },
  };
}

function grantSettings(config: BanescoConfig): GrantSettings {
  const key = pem(config.clientKeyFile);
  const { clientAuthentication } = config;
  const [username, password] = [config.username, config.password];
  // What cannot work is refused at the start, not at the first token.
  assert((username.reveal() === '') === (password.reveal() === ''), 'BANESCO_PASSWORD');
  assert(clientAuthentication !== 'private_key_jwt' || key !== null, 'BANESCO_CLIENT_KEY_FILE');
  assert(
    clientAuthentication !== 'tls' || config.certificateFile !== '',
    'BANESCO_CERTIFICATE_FILE',
  );
  return {
    tokenUrl: config.tokenUrl,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    owner: username.reveal() === '' ? null : { username, password },
    grant: config.grant,
    clientAuthentication,
    scope: config.scope,
    issuer: config.tokenIssuer,
    assertionKey: key === null ? null : { key: createPrivateKey(key), keyId: config.clientKeyId },
  };
}

function httpSettings(config: BanescoConfig): BankSetup['http'] {
  return {
    credentialId: config.credentialId,
    transport: {
      connectMs: config.connectTimeoutMs,
      headersMs: config.headersTimeoutMs,
      bodyMs: config.bodyTimeoutMs,
      // One more, so that a token can be had while all places for calls are taken.
      maxConnections: config.maxConcurrent + 1,
      privateNetwork: config.privateNetwork,
      tls: {
        ca: pem(config.caFile),
        certificate: pem(config.certificateFile),
        privateKey: pem(config.certificateKeyFile),
      },
    },
    retry: { repeats: config.connectRepeats, pauseMs: config.connectRepeatPauseMs },
    circuit: { failures: config.circuitFailures, openMs: config.circuitOpenMs },
    wholeMs: config.timeoutMs,
    maxAnswerBytes: config.maxAnswerBytes,
    retryAfterCapMs: config.retryAfterCapMs,
  };
}
