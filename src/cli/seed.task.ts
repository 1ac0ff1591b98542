import { readFile, rename, writeFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { offline } from '../access/acts/security-acts.port.js';
import { IssueApiKey } from '../access/api-keys/issue-api-key.command.js';
import { UserAdministration } from '../access/users/user-administration.js';
import { RandomSource } from '../kernel/ids.js';
import { AddReceivingAccount } from '../merchants/add-receiving-account/add-receiving-account.command.js';
import { RegisterMerchant } from '../merchants/register-merchant/register-merchant.command.js';
import { UsageError, type Task } from './task.js';
import { withApplication } from './with-application.js';

// Fixed, so that seeding again finds the same merchant.
const MERCHANT_ID = '00000000-0000-4000-8000-000000000001';
const RECEIVING_ACCOUNT_ID = '00000000-0000-4000-8000-000000000002';
const SECOND_ACCOUNT_ID = '00000000-0000-4000-8000-000000000003';
const SEEDED_BY = 'process:seed';

// One who may do everything, and one who submits claims for the merchant.
const PEOPLE = [
  { email: 'admin@demo.example.com', name: 'Demo admin', role: 'admin', merchantId: null },
  {
    email: 'cashier@demo.example.com',
    name: 'Demo cashier',
    role: 'cashier',
    merchantId: MERCHANT_ID,
  },
] as const;

interface DemoUser {
  readonly email: string;
  readonly role: string;
  /** For the first sign-in, where it is changed. */
  readonly temporaryPassword: string;
}

/** What the demo merchant's backend needs to call the API, and how the demo's people sign in. */
interface DemoMerchant {
  readonly merchantId: string;
  readonly receivingAccountId: string;
  /** At Banco de Venezuela; null where none was asked for. */
  readonly venezuelaAccountId: string | null;
  readonly apiKey: string;
  readonly users: readonly DemoUser[];
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

const issueKey = async (
  commands: CommandBus,
  { venezuela }: Accounts,
): Promise<Omit<DemoMerchant, 'users'>> => {
  const { key } = await commands.execute(
    new IssueApiKey({
      merchantId: MERCHANT_ID,
      name: 'demo',
      mode: 'live',
      permissions: ['transactions:write', 'transactions:read', 'finance:read', 'webhooks:manage'],
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

/** Those who are not there yet; who is keeps its password. */
async function makePeople(app: INestApplicationContext): Promise<readonly DemoUser[]> {
  const administration = app.get(UserAdministration);
  const made: DemoUser[] = [];
  for (const person of PEOPLE) {
    if ((await administration.users.findByEmail(person.email)) !== null) continue;
    const userId = app.get(RandomSource).uuid();
    const created = await administration.create({ ...person, userId }, offline(SEEDED_BY));
    const { email, role } = person;
    made.push({ email, role, temporaryPassword: created.temporaryPassword });
  }
  return made;
}

async function knownFrom(file: string): Promise<Partial<DemoMerchant> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Partial<DemoMerchant>);
}

/** A key is shown once: the file that holds it is the sign that it was made. */
async function seed(accounts: Accounts, file: string): Promise<void> {
  const known = await knownFrom(file);
  await withApplication(async (app) => {
    const commands = app.get(CommandBus);
    await makeMerchant(commands, accounts);
    const made = await makePeople(app);
    if (known !== null && made.length === 0) return;
    const keyed = known ?? (await issueKey(commands, accounts));
    const demo = { ...keyed, users: [...(known?.users ?? []), ...made] };
    // Under another name first: half a file would hide that the key is lost.
    await writeFile(`${file}.partial`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
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
    out: {
      type: 'string',
      summary: 'the file for the API key and passwords; the owner alone may read it',
    },
  },
  async run({ account, 'venezuela-account': venezuela = null, out }) {
    if (typeof account !== 'string') throw new UsageError('--account is required');
    if (typeof out !== 'string') throw new UsageError('--out is required');
    await seed(
      { banesco: account, venezuela: typeof venezuela === 'string' ? venezuela : null },
      out,
    );
    console.log(`The demo merchant's key and people are in ${out}.`);
    return 0;
  },
};
