import { assert } from '../../../kernel/assert.js';
import { flag, oneOf, text, wholeNumber } from '../../../platform/config/shapes.js';
import {
  configSection,
  optionalSecretVariable,
  variable,
} from '../../../platform/config/variable.js';
import { Secret } from '../../../platform/config/secret.js';
import { bankPath, milliseconds, optionalBankAddress, word } from '../../bank-shapes.js';
import { BanescoConfig } from './banesco.config.js';

/** A second line to Banesco, to its sandbox, for claims of test keys alone. Left out unless an address is given. */
export class BanescoSandboxConfig extends configSection({
  baseUrl: variable('BANESCO_SANDBOX_BASE_URL', optionalBankAddress, {
    fallback: '',
    doc: 'Host of the sandbox beside the live bank; claims of test keys go there. Empty for none.',
  }),
  tokenUrl: variable('BANESCO_SANDBOX_TOKEN_URL', optionalBankAddress, {
    fallback: '',
    doc: 'Token endpoint of the sandbox, host and path.',
  }),
  transactionsPath: variable('BANESCO_SANDBOX_TRANSACTIONS_PATH', bankPath, {
    fallback: '/transactions',
    doc: 'Path of the confirmation of transactions at the sandbox.',
  }),
  clientId: optionalSecretVariable('BANESCO_SANDBOX_CLIENT_ID', text, {
    doc: 'Client id for the sandbox.',
  }),
  clientSecret: optionalSecretVariable('BANESCO_SANDBOX_CLIENT_SECRET', text, {
    doc: 'Client secret for the sandbox.',
  }),
  // The keys and certificates of the live line are never shown to the sandbox.
  clientAuthentication: variable('BANESCO_SANDBOX_CLIENT_AUTH', oneOf('basic', 'body'), {
    fallback: 'basic',
    doc: 'How the client shows itself to the sandbox’s token endpoint: basic (header) or body.',
  }),
  affiliate: variable('BANESCO_SANDBOX_AFFILIATE', word, {
    fallback: 'banescosandbox',
    doc: 'Names the sandbox in slots; another than BANESCO_AFFILIATE, so that no row of one is a row of the other.',
  }),
  credentialId: variable('BANESCO_SANDBOX_CREDENTIAL_ID', word, {
    fallback: 'banescosandbox',
    doc: 'Our own name for this line, in permits and metrics; receiving accounts name the live one.',
  }),
  privateNetwork: variable('BANESCO_SANDBOX_PRIVATE_NETWORK', flag, {
    fallback: 'false',
    doc: 'true where the sandbox is reached through a VPN.',
  }),
  limitCalls: variable('BANESCO_SANDBOX_LIMIT_CALLS', wholeNumber(1, 100_000), {
    fallback: '2',
    doc: 'Calls of any kind that the sandbox allows in a window.',
  }),
  limitWindowMs: variable('BANESCO_SANDBOX_LIMIT_WINDOW_MS', milliseconds(1), {
    fallback: '60000',
    doc: 'Length of that window; it slides.',
  }),
  caFile: variable('BANESCO_SANDBOX_CA_FILE', text, {
    fallback: '',
    doc: 'File of the authorities (PEM) that vouch for the sandbox; empty for the public ones.',
  }),
}) {}

/**
 * The sandbox's line as a configuration of its own: the conduct of the live one, and no secret of it. Null where there
 * is none.
 */
export function besideBanesco(
  live: BanescoConfig,
  sandbox: BanescoSandboxConfig,
): BanescoConfig | null {
  if (sandbox.baseUrl === '') return null;
  // What cannot work is refused at the start, not at the first call.
  assert(!live.sandbox, 'BANESCO_SANDBOX: the only line is a sandbox already');
  assert(sandbox.tokenUrl !== '', 'BANESCO_SANDBOX_TOKEN_URL');
  assert(sandbox.clientId.reveal() !== '', 'BANESCO_SANDBOX_CLIENT_ID');
  assert(sandbox.clientSecret.reveal() !== '', 'BANESCO_SANDBOX_CLIENT_SECRET');
  assert(sandbox.affiliate !== live.affiliate, 'BANESCO_SANDBOX_AFFILIATE');
  // Whoever adds a secret to the live line leaves it out here: a sandbox is another house.
  const without = {
    username: new Secret(''),
    password: new Secret(''),
    clientKeyFile: '',
    clientKeyId: '',
    tokenIssuer: '',
    certificateFile: '',
    certificateKeyFile: '',
  };
  return new BanescoConfig(Object.assign({}, live, sandbox, { sandbox: true }, without));
}
