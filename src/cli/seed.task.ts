import { readFile, rename, writeFile } from 'node:fs/promises';
import { CommandBus } from '@nestjs/cqrs';
import { IssueApiKey } from '../access/api-keys/issue-api-key.command.js';
import { AddReceivingAccount } from '../merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../merchants/register-merchant/register-merchant.command.js';
import { UsageError, type Task } from './task.js';
import { withApplication } from './with-application.js';

// Fixed, so that seeding again finds the same merchant.
const MERCHANT_ID = '00000000-0000-4000-8000-000000000001';
const RECEIVING_ACCOUNT_ID = '00000000-0000-4000-8000-000000000002';
const SECOND_ACCOUNT_ID = '00000000-0000-4000-8000-000000000003';
const SEEDED_BY = 'process:seed';

/** What the demo merchant's backend needs to call the API. */
interface DemoMerchant {
  readonly merchantId: string;
  readonly receivingAccountId: string;
  /** At Banco de Venezuela; null where none was asked for. */
  readonly venezuelaAccountId: string | null;
  readonly apiKey: string;
}

/** The numbers of the demo merchant's receiving accounts, 20 digits each. */
interface Accounts {
  readonly banesco: string;
  readonly venezuela: string | null;
}

async function makeMerchant(commands: CommandBus, accounts: Accounts): Promise<void> {
  await commands.execute(
    new RegisterMerchant({
      merchantId: MERCHANT_ID,
      name: 'Demo merchant',
      toleranceUnderMinor: 0n,
      toleranceOverMinor: 0n,
      matchDays: 30,
      registeredBy: SEEDED_BY,
    }),
  );
  await commands.execute(receiving(RECEIVING_ACCOUNT_ID, accounts.banesco, 'banesco'));
  if (accounts.venezuela === null) return;
  await commands.execute(receiving(SECOND_ACCOUNT_ID, accounts.venezuela, 'bdv'));
}

const receiving = (receivingAccountId: string, accountNumber: string, credentialId: string) =>
  new AddReceivingAccount({
    receivingAccountId,
    merchantId: MERCHANT_ID,
    bank: accountNumber.slice(0, 4),
    accountNumber,
    credentialId,
    addedBy: SEEDED_BY,
  });

const issueKey = async (commands: CommandBus, { venezuela }: Accounts): Promise<DemoMerchant> => {
  const { key } = await commands.execute(
    new IssueApiKey({
      merchantId: MERCHANT_ID,
      name: 'demo',
      mode: 'live',
      permissions: ['transactions:write', 'transactions:read', 'finance:read'],
      expiresAt: null,
      issuedBy: SEEDED_BY,
    }),
  );
  return {
    merchantId: MERCHANT_ID,
    receivingAccountId: RECEIVING_ACCOUNT_ID,
    venezuelaAccountId: venezuela === null ? null : SECOND_ACCOUNT_ID,
    apiKey: key,
  };
};

/** A key is shown once: the file that holds it is the sign that it was made. */
async function seed(accounts: Accounts, file: string): Promise<void> {
  const known = await readFile(file, 'utf8').catch(() => null);
  await withApplication(async (app) => {
    const commands = app.get(CommandBus);
    await makeMerchant(commands, accounts);
    if (known !== null) return;
    const text = `${JSON.stringify(await issueKey(commands, accounts), null, 2)}\n`;
    // Under another name first: half a file would hide that the key is lost.
    await writeFile(`${file}.partial`, text, { mode: 0o600 });
    await rename(`${file}.partial`, file);
  });
}

export const seedTask: Task = {
  options: {
    account: { type: 'string', summary: 'the receiving account, 20 digits of Banesco' },
    'venezuela-account': {
      type: 'string',
      summary:
        'a second receiving account, 20 digits of Banco de Venezuela; BDV_ENABLED must be set',
    },
    out: { type: 'string', summary: 'the file for the API key; the owner alone may read it' },
  },
  async run({ account, 'venezuela-account': venezuela = null, out }) {
    if (typeof account !== 'string') throw new UsageError('--account is required');
    if (typeof out !== 'string') throw new UsageError('--out is required');
    await seed(
      { banesco: account, venezuela: typeof venezuela === 'string' ? venezuela : null },
      out,
    );
    console.log(`The demo merchant's key is in ${out}.`);
    return 0;
  },
};
