import { assert } from '../../../kernel/assert.js';
import { flag, text, wholeNumber } from '../../../platform/config/shapes.js';
import {
  configSection,
  optionalSecretVariable,
  variable,
} from '../../../platform/config/variable.js';
import type { BankSetup } from '../../bank-setup.js';
import { bankAddress, milliseconds, pem, word } from '../../bank-shapes.js';

/** Banco de Venezuela's own code among the banks. */
export const VENEZUELA = '0102';

// The bank names no limit; integrations page through statements several calls a second.
const DEFAULT_CALLS = '10';
const CONNECT_MS = 5000;
const CIRCUIT = { failures: 5, openMs: 30_000 };

/** How to reach Banco de Venezuela, whom we are there, and what we allow ourselves. Left out unless enabled. */
export class VenezuelaConfig extends configSection({
  enabled: variable('BDV_ENABLED', flag, {
    fallback: 'false',
    doc: 'Whether this installation speaks to Banco de Venezuela; all other BDV variables then count.',
  }),
  lookUpUrl: variable('BDV_LOOK_UP_URL', bankAddress, {
    fallback: 'https://bdvconciliacion.banvenez.com/getMovement',
    doc: 'Address of the look-up of one payment; QA has another host, port and path.',
  }),
  listingUrl: variable('BDV_LISTING_URL', bankAddress, {
    fallback: 'https://bdvconciliacion.banvenez.com/apis/bdv/consulta/movimientos',
    doc: 'Address of the statement of an account.',
  }),
  apiKey: optionalSecretVariable('BDV_API_KEY', text, { doc: 'Key from the bank.' }),
  affiliate: variable('BDV_AFFILIATE', word, {
    fallback: 'bdv',
    doc: 'Names us as an affiliate, in letters and digits; part of every slot, so it never changes.',
  }),
  credentialId: variable('BDV_CREDENTIAL_ID', word, {
    fallback: 'bdv',
    doc: 'Our own name for this credential, in permits, metrics and receiving accounts.',
  }),
  sandbox: variable('BDV_SANDBOX', flag, {
    fallback: 'false',
    doc: 'true where this credential leads to a sandbox: only there are claims of test keys asked about.',
  }),
  privateNetwork: variable('BDV_PRIVATE_NETWORK', flag, {
    fallback: 'false',
    doc: 'true where the bank is reached through a VPN: its public name may then lead to a private address.',
  }),
  receivingPhone: variable('BDV_RECEIVING_PHONE', text, {
    fallback: '',
    doc: 'The phone (04…) that receives the payments, as affiliated with the bank.',
  }),
  timeoutMs: variable('BDV_TIMEOUT_MS', milliseconds(100), {
    fallback: '30000',
    doc: 'Longest time of one attempt as a whole.',
  }),
  limitCalls: variable('BDV_LIMIT_CALLS', wholeNumber(1, 100_000), {
    fallback: DEFAULT_CALLS,
    doc: 'Calls of any kind that we allow ourselves in a window; the bank names no limit.',
  }),
  limitWindowMs: variable('BDV_LIMIT_WINDOW_MS', milliseconds(1), {
    fallback: '60000',
    doc: 'Length of that window; it slides.',
  }),
  limitMarginMs: variable('BDV_LIMIT_MARGIN_MS', milliseconds(0), {
    fallback: '1500',
    doc: 'Added to every window: two clocks never run equally fast, and the one of Postgres may step by a second.',
  }),
  limitPerTransactionCalls: variable('BDV_LIMIT_PER_TRANSACTION_CALLS', wholeNumber(1, 1000), {
    fallback: '1',
    doc: 'Look-ups about one transaction in a window: each one has an effect at the bank.',
  }),
  permitWaitMs: variable('BDV_PERMIT_WAIT_MS', milliseconds(0), {
    fallback: '10000',
    doc: 'How long the next page of a statement may wait for its permit.',
  }),
  listingGranted: variable('BDV_LISTING_GRANTED', flag, {
    fallback: 'true',
    doc: 'Whether the key may read the statement of the account.',
  }),
  listingMaxDays: variable('BDV_LISTING_MAX_DAYS', wholeNumber(1, 366), {
    fallback: '1',
    doc: 'Longest range of one listing; a range of several days must not hold the current one.',
  }),
  referenceDigits: variable('BDV_REFERENCE_DIGITS', wholeNumber(4, 20), {
    fallback: '6',
    doc: 'Last digits of a reference that the bank is sure to report, and the least that a claim needs.',
  }),
  statementReferenceDigits: variable('BDV_STATEMENT_REFERENCE_DIGITS', wholeNumber(4, 20), {
    fallback: '8',
    doc: 'Last digits of a reference on the statement that are the payment’s; a prefix of the bank stands before.',
  }),
  commissionBasisPoints: variable('BDV_COMMISSION_BASIS_POINTS', wholeNumber(0, 10_000), {
    fallback: '150',
    doc: 'Largest commission, in hundredths of a percent of the payment.',
  }),
  retryAfterCapMs: variable('BDV_RETRY_AFTER_CAP_MS', milliseconds(0), {
    fallback: '300000',
    doc: 'Longest Retry-After of the bank that is obeyed.',
  }),
  maxAnswerBytes: variable('BDV_MAX_ANSWER_BYTES', wholeNumber(1000, 100_000_000), {
    fallback: '4000000',
    doc: 'Largest answer that is read.',
  }),
  caFile: variable('BDV_CA_FILE', text, {
    fallback: '',
    doc: 'File of the authorities (PEM) that vouch for the bank; empty for the public ones.',
  }),
}) {}

/** What the rest of the gateway needs to know, in its own words. */
export function venezuelaSetup(config: VenezuelaConfig): Omit<BankSetup, 'adapter'> {
  // What cannot work is refused at the start, not at the first call.
  assert(config.apiKey.reveal() !== '', 'BDV_API_KEY');
  assert(/^04\d{9}$/.test(config.receivingPhone), 'BDV_RECEIVING_PHONE');
  const { credentialId, affiliate, limitCalls: calls, limitWindowMs: windowMs } = config;
  return {
    credential: { credentialId, bank: VENEZUELA, affiliate, sandbox: config.sandbox },
    limits: {
      calls,
      windowMs,
      marginMs: config.limitMarginMs,
      callsPerTransaction: config.limitPerTransactionCalls,
      // There are no token calls: the key is the proof.
      tokenCallsCount: false,
      tokenCalls: 1,
      callDeadlineMs: config.timeoutMs,
    },
    http: httpSettings(config),
    limiter: { maxConcurrent: 2, queueLimit: 100, expirationMs: 2 * config.timeoutMs + 60_000 },
    line: {
      wholeMs: config.timeoutMs,
      permitWaitMs: config.permitWaitMs,
      tokenPauseMs: 5000,
      maintenanceHours: null,
      pauses: { rateLimitMs: windowMs + config.limitMarginMs, maintenanceMs: 600_000 },
    },
    authorization: { by: 'api_key', apiKey: { header: 'x-api-key', key: config.apiKey } },
  };
}

const httpSettings = (config: VenezuelaConfig): BankSetup['http'] => ({
  credentialId: config.credentialId,
  transport: {
    connectMs: Math.min(CONNECT_MS, config.timeoutMs),
    headersMs: config.timeoutMs,
    bodyMs: config.timeoutMs,
    maxConnections: 2,
    privateNetwork: config.privateNetwork,
    tls: { ca: pem(config.caFile), certificate: null, privateKey: null },
  },
  retry: { repeats: 1, pauseMs: 300 },
  circuit: CIRCUIT,
  wholeMs: config.timeoutMs,
  maxAnswerBytes: config.maxAnswerBytes,
  retryAfterCapMs: config.retryAfterCapMs,
});
