import { assert } from '../../../kernel/assert.js';
import { text, wholeNumber } from '../../../platform/config/shapes.js';
import {
  configSection,
  optionalSecretVariable,
  variable,
} from '../../../platform/config/variable.js';
import { milliseconds, optionalBankAddress, word } from '../../bank-shapes.js';
import { VenezuelaConfig } from './venezuela.config.js';

/** A second line to Banco de Venezuela, to its QA, for claims of test keys alone. Left out unless an address is given. */
export class VenezuelaSandboxConfig extends configSection({
  lookUpUrl: variable('BDV_SANDBOX_LOOK_UP_URL', optionalBankAddress, {
    fallback: '',
    doc: 'Address of QA’s look-up, beside the live bank; claims of test keys go there. Empty for none.',
  }),
  listingUrl: variable('BDV_SANDBOX_LISTING_URL', optionalBankAddress, {
    fallback: '',
    doc: 'Address of QA’s statement, with which alone a new key can be tried; empty for none.',
  }),
  apiKey: optionalSecretVariable('BDV_SANDBOX_API_KEY', text, { doc: 'Key for QA.' }),
  affiliate: variable('BDV_SANDBOX_AFFILIATE', word, {
    fallback: 'bdvsandbox',
    doc: 'Names QA in slots; another than BDV_AFFILIATE, so that no row of one is a row of the other.',
  }),
  credentialId: variable('BDV_SANDBOX_CREDENTIAL_ID', word, {
    fallback: 'bdvsandbox',
    doc: 'Our own name for this line, in permits and metrics; receiving accounts name the live one.',
  }),
  limitCalls: variable('BDV_SANDBOX_LIMIT_CALLS', wholeNumber(1, 100_000), {
    fallback: '10',
    doc: 'Calls that we allow ourselves there in a window.',
  }),
  limitWindowMs: variable('BDV_SANDBOX_LIMIT_WINDOW_MS', milliseconds(1), {
    fallback: '60000',
    doc: 'Length of that window; it slides.',
  }),
}) {}

/** The line to QA as a configuration of its own: the conduct of the live one, and no secret of it. Null where there is none. */
export function besideVenezuela(
  live: VenezuelaConfig,
  sandbox: VenezuelaSandboxConfig,
): VenezuelaConfig | null {
  if (!live.enabled || sandbox.lookUpUrl === '') return null;
  // What cannot work is refused at the start, not at the first call.
  assert(!live.sandbox, 'BDV_SANDBOX: the only line is a sandbox already');
  assert(sandbox.apiKey.reveal() !== '', 'BDV_SANDBOX_API_KEY');
  assert(sandbox.affiliate !== live.affiliate, 'BDV_SANDBOX_AFFILIATE');
  // Without an address of its own nothing is listed: the live one is not asked in its place.
  const listingGranted = live.listingGranted && sandbox.listingUrl !== '';
  return new VenezuelaConfig(Object.assign({}, live, sandbox, { listingGranted, sandbox: true }));
}
