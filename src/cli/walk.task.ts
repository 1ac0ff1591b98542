import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SystemClock } from '../kernel/clock.js';
import { SystemRandomSource } from '../kernel/ids.js';
import { localDateAt } from '../kernel/local-date.js';
import {
  ClaimWalk,
  NOBODYS_PAYMENT,
  WalkFailed,
  type WalkedClaim,
} from '../platform/probe/claim-walk.js';
import { madeUpReference } from '../platform/probe/made-up-reference.js';
import { required } from './required-option.js';
import { UsageError, type OptionValues, type Task } from './task.js';

const keyFile = z.object({ apiKey: z.string(), receivingAccountId: z.string() });

async function merchantOf(values: OptionValues) {
  const file = required(values, 'key-file');
  try {
    return keyFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new UsageError(`--key-file ${file} does not hold a key as seed writes it`, { cause });
  }
}

function wholeNumber(values: OptionValues, name: string): number {
  const text = required(values, name);
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} must be a whole number`);
  return Number.parseInt(text, 10);
}

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

const claimOf = (values: OptionValues): WalkedClaim => ({
  reference: textOf(values['reference'], madeUpReference(new SystemRandomSource())),
  amount: wholeNumber(values, 'amount'),
  paidOn: textOf(values['paid-on'], localDateAt(new SystemClock().now())),
  verdict: textOf(values['verdict'], '') || null,
  withinMs: wholeNumber(values, 'within') * 1_000,
  totals: values['totals'] === true,
  payment: {
    kind: required(values, 'kind'),
    originBank: required(values, 'origin-bank'),
    phone: required(values, 'phone'),
  },
});

/** From end to end against a service that runs: exit code 0 when every step went well, 1 when one did not. */
export const walkTask: Task = {
  options: {
    url: { type: 'string', summary: 'where the service is reached' },
    'key-file': { type: 'string', summary: 'the merchant’s key and account, as seed writes them' },
    reference: { type: 'string', summary: 'the reference of the claim (made up when left out)' },
    amount: { type: 'string', summary: 'the amount in céntimos', default: '100' },
    'paid-on': { type: 'string', summary: 'when it was paid (today in Caracas when left out)' },
    kind: {
      type: 'string',
      summary: 'pago_movil, transfer or card_deposit',
      default: NOBODYS_PAYMENT.kind,
    },
    'origin-bank': {
      type: 'string',
      summary: 'four digits: the bank it was paid from',
      default: NOBODYS_PAYMENT.originBank,
    },
    phone: {
      type: 'string',
      summary: 'the payer’s; a Pago Móvil is looked up by it',
      default: NOBODYS_PAYMENT.phone,
    },
    verdict: { type: 'string', summary: 'wait until the claim has this status, such as verified' },
    within: { type: 'string', summary: 'seconds to wait for it', default: '60' },
    totals: { type: 'boolean', summary: 'read the totals of the day too; needs a live key' },
  },
  async run(values) {
    const url = required(values, 'url');
    if (!URL.canParse(url)) throw new UsageError('--url is no address');
    const clock = new SystemClock();
    const walk = new ClaimWalk({ url, ...(await merchantOf(values)) }, clock);
    const beganMs = clock.monotonicMs();
    try {
      for await (const step of walk.walk(claimOf(values), new AbortController().signal)) {
        console.log(`ok      ${step}`);
      }
    } catch (error) {
      if (!(error instanceof WalkFailed)) throw error;
      console.error(`FAILED  ${error.message}`);
      return 1;
    }
    const seconds = (clock.monotonicMs() - beganMs) / 1_000;
    console.log(JSON.stringify({ walked: true, seconds: Math.round(seconds * 10) / 10 }));
    return 0;
  },
};
