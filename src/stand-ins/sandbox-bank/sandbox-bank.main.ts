// The sandbox bank as a process of its own; docs/sandbox.md describes arguments, scenarios and admin calls.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runStandIn } from '../stand-in-entry.js';
import {
  type BankRules,
  DEFAULT_RULES,
  type Flavour,
  type SandboxBankOptions,
} from './bank-options.js';
import { SandboxBank } from './sandbox-bank.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    directory: { type: 'string' },
    flavour: { type: 'string', default: 'qa' },
    account: { type: 'string', multiple: true, default: [] },
    movements: { type: 'string' },
    'limit-calls': { type: 'string', default: '2' },
    'limit-window-ms': { type: 'string', default: '60000' },
    'token-calls-free': { type: 'boolean', default: false },
    'no-retry-after': { type: 'boolean', default: false },
    'no-range-listing': { type: 'boolean', default: false },
    'listing-max-rows': { type: 'string', default: String(DEFAULT_RULES.listingMaxRows) },
    'internal-transfer-date': { type: 'string', default: DEFAULT_RULES.internalTransferDate },
    'pago-movil-account': { type: 'string', default: DEFAULT_RULES.pagoMovilAccount },
    'token-seconds': { type: 'string', default: String(DEFAULT_RULES.tokenSeconds) },
    maintenance: { type: 'string' },
    'magic-references': { type: 'boolean', default: false },
    'late-credit-ms': { type: 'string', default: String(DEFAULT_RULES.lateCreditMs) },
    'slow-answer-ms': { type: 'string', default: String(DEFAULT_RULES.slowAnswerMs) },
    'bdv-receiving-phone': { type: 'string', default: '04125550100' },
    'bdv-limit-calls': { type: 'string', default: '10' },
    'bdv-limit-window-ms': { type: 'string', default: '60000' },
    'stop-with-stdin': { type: 'boolean', default: false },
  },
});

function whole(
  name:
    | 'port'
    | 'limit-calls'
    | 'limit-window-ms'
    | 'listing-max-rows'
    | 'token-seconds'
    | 'late-credit-ms'
    | 'slow-answer-ms'
    | 'bdv-limit-calls'
    | 'bdv-limit-window-ms',
): number {
  if (!/^\d{1,9}$/.test(values[name])) throw new Error(`--${name} takes a whole number`);
  return Number.parseInt(values[name], 10);
}

function oneOf<const Choice extends string>(
  name: 'flavour' | 'internal-transfer-date' | 'pago-movil-account',
  ...choices: Choice[]
): Choice {
  const choice = choices.find((one) => one === values[name]);
  if (choice === undefined) throw new Error(`--${name} takes ${choices.join(' or ')}`);
  return choice;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} must be set in the environment`);
  return value;
}

function maintenance(): BankRules['maintenance'] {
  if (values.maintenance === undefined) return null;
  const [, from, to] = /^(\d{2}:\d{2})-(\d{2}:\d{2})$/.exec(values.maintenance) ?? [];
  if (from === undefined || to === undefined) throw new Error('--maintenance takes HH:MM-HH:MM');
  return { from, to };
}

const rules = (): Partial<BankRules> => ({
  rangeListing: !values['no-range-listing'],
  listingMaxRows: whole('listing-max-rows'),
  internalTransferDate: oneOf('internal-transfer-date', 'refused', 'accepted'),
  pagoMovilAccount: oneOf('pago-movil-account', 'refused', 'accepted'),
  maintenance: maintenance(),
  tokenSeconds: whole('token-seconds'),
  retryAfterOnLimit: !values['no-retry-after'],
  magicReferences: values['magic-references'],
  lateCreditMs: whole('late-credit-ms'),
  slowAnswerMs: whole('slow-answer-ms'),
});

/** The second bank is there when it has a key. */
function venezuela(): Pick<SandboxBankOptions, 'venezuela'> {
  const apiKey = process.env['SANDBOX_BANK_BDV_API_KEY'] ?? '';
  if (apiKey === '') return {};
  const limit = { calls: whole('bdv-limit-calls'), windowMs: whole('bdv-limit-window-ms') };
  return { venezuela: { apiKey, receivingPhone: values['bdv-receiving-phone'], limit } };
}

await runStandIn('sandbox-bank', values['stop-with-stdin'], async () => {
  const flavour: Flavour = oneOf('flavour', 'qa', 'production');
  const bank = await SandboxBank.start({
    port: whole('port'),
    ...(values.directory === undefined ? {} : { directory: values.directory }),
    flavour,
    limit: {
      calls: whole('limit-calls'),
      windowMs: whole('limit-window-ms'),
      countTokenCalls: !values['token-calls-free'],
    },
    clientId: required('SANDBOX_BANK_CLIENT_ID'),
    clientSecret: required('SANDBOX_BANK_CLIENT_SECRET'),
    accounts: values.account,
    ...(values.movements === undefined
      ? {}
      : { movements: await readFile(values.movements, 'utf8') }),
    rules: rules(),
    ...venezuela(),
  });
  return {
    ready: {
      port: bank.port,
      url: bank.url,
      token_url: bank.tokenUrl,
      transactions_url: bank.transactionsUrl,
      admin_url: bank.adminUrl,
      ...bank.venezuelaUrls,
      movements_loaded: bank.movementsLoaded,
    },
    stop: () => bank.stop(),
  };
});
