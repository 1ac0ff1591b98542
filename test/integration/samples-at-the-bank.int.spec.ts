import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { SampleClaim } from '../../samples/sample-row.js';
import { addDays, type LocalDate } from '../../src/kernel/local-date.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { rowsOf, SandboxClient } from '../support/sandbox-client.js';

const FOLDER = resolve(import.meta.dirname, '../../samples');
const ACCOUNT = '01340001600000000017';

type Row = Readonly<Record<keyof SampleClaim, string>>;
type Shown = Readonly<Record<string, unknown>>;

let bank: SandboxBank;
let client: SandboxClient;
let claims: readonly Row[] = [];
let anchor: LocalDate;

beforeAll(async () => {
  claims = parse(await readFile(resolve(FOLDER, 'claims.csv')), {
    columns: true,
  }) as unknown as Row[];
  const movements = await readFile(resolve(FOLDER, 'movements.jsonl'), 'utf8');
  ({ bank, client } = await SandboxClient.start({ accounts: [ACCOUNT], movements }));
  anchor = (await client.state())['anchor_on'] as LocalDate;
  // Past the last of the late ones.
  await client.admin('POST', 'clock', { advance_seconds: 60 });
  await client.logIn();
});

afterAll(() => bank.stop());

const paidOn = (claim: Row): LocalDate =>
  addDays(anchor, -Number.parseInt(claim.paid_days_ago, 10));

/** The fields of the claim's modality, as the bank's manual has them. */
function fieldsFor(claim: Row): Record<string, unknown> {
  const amount = Number.parseInt(claim.amount_minor, 10) / 100;
  const tail = claim.reference.padStart(6, '0').slice(-6);
  const [bankId, startDt] = [claim.origin_bank, paidOn(claim)];
  if (claim.kind === 'pago_movil') {
    return { referenceNumber: tail, phoneNum: claim.payer_phone.slice(1), bankId, startDt, amount };
  }
  return bankId === '0134'
    ? { referenceNumber: claim.reference, accountId: ACCOUNT, bankId, amount }
    : { referenceNumber: tail, accountId: ACCOUNT, bankId, startDt, amount };
}

/** What a careful person would say about the rows shown. */
function verdictOn(claim: Row, rows: readonly Shown[]): string {
  const cents = (row: Shown): number => Math.round(Number(row['amount']) * 100);
  const credits = rows.filter((row) => row['trnType'] === 'CR');
  const largest = Math.max(...credits.map(cents));
  const payments = credits.filter((row) => cents(row) * 50 > largest);
  if (payments.length === 0) return 'expired';
  if (payments.length > 1) return 'needs_review:ambiguous_movements';
  return payments.every((row) => String(cents(row)) === claim.amount_minor)
    ? 'verified'
    : 'needs_review:amount_differs';
}

/** What one look at the bank can tell; that a credit is taken already, it cannot. */
const tellable = (claim: Row): string =>
  /already_bound|duplicate_of/.test(claim.expected) ? 'verified' : claim.expected;

const askable = (): readonly Row[] => claims.filter(({ kind }) => kind !== 'card_deposit');

describe('asking the bank about the samples', () => {
  it('leads to the verdict expected, by a look-up for every claim', async () => {
    const verdicts: string[][] = [];
    for (const claim of askable()) {
      const rows = rowsOf(await client.ask(fieldsFor(claim)));
      verdicts.push([claim.external_id, verdictOn(claim, rows)]);
    }
    expect(verdicts).toEqual(askable().map((claim) => [claim.external_id, tellable(claim)]));
  });

  it('leads to the same verdicts by listing the days once', async () => {
    const range = { accountId: ACCOUNT, startDt: addDays(anchor, -2), endDt: anchor };
    const listed = rowsOf(await client.ask(range));
    const verdicts = askable().map((claim) => {
      const rows = listed.filter((row) => {
        const [shown, typed] = [String(row['referenceNumber']), claim.reference].map((digits) =>
          digits.replace(/^0+/, ''),
        );
        const same = shown?.endsWith(typed ?? '') === true || typed?.endsWith(shown ?? '') === true;
        return same && row['trnDate'] === paidOn(claim);
      });
      return [claim.external_id, verdictOn(claim, rows)];
    });
    expect(verdicts).toEqual(askable().map((claim) => [claim.external_id, tellable(claim)]));
  });
});
