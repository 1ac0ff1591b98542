import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readMovementLines } from '../../src/stand-ins/sandbox-bank/movement.js';
import { buildSamples } from '../../samples/sample-cases.js';
import { claimsCsv, movementLines } from '../../samples/sample-files.js';
import { CLAIM_COLUMNS, type SampleClaim, type SampleMovement } from '../../samples/sample-row.js';

const FOLDER = resolve(import.meta.dirname, '../../samples');

type Row = Readonly<Record<keyof SampleClaim, string>>;

let csv = '';
let lines = '';
let claims: readonly Row[] = [];
let movements: readonly SampleMovement[] = [];

beforeAll(async () => {
  csv = await readFile(join(FOLDER, 'claims.csv'), 'utf8');
  lines = await readFile(join(FOLDER, 'movements.jsonl'), 'utf8');
  claims = parse(csv, { columns: true }) as unknown as Row[];
  movements = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleMovement);
});

const expecting = (expected: string): readonly Row[] =>
  claims.filter((claim) => claim.expected === expected);

const countsOf = (rows: readonly Row[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const { expected } of rows) counts.set(expected, (counts.get(expected) ?? 0) + 1);
  return counts;
};

/** Whether one run of digits could be the other, shortened from the left or stripped of zeros. */
const couldBeSame = (a: string, b: string): boolean => {
  const [short, long] = [a, b].map((digits) => digits.replace(/^0+/, '')).toSorted(byLength);
  return long?.endsWith(short ?? '') === true;
};

const byLength = (a: string, b: string): number => a.length - b.length;

/** The rows a claim could be about, whatever their amount. */
const rowsFor = (claim: Row): SampleMovement[] =>
  movements.filter(
    (row) =>
      row.kind === claim.kind &&
      row.payer_bank === claim.origin_bank &&
      String(row.on_days_ago) === claim.paid_days_ago &&
      (row.kind !== 'pago_movil' || row.payer_phone === claim.payer_phone) &&
      couldBeSame(row.reference, claim.reference),
  );

/** The credits of those rows, without the small ones that are the commission on another. */
const creditsFor = (claim: Row): SampleMovement[] => {
  const credits = rowsFor(claim).filter(({ direction }) => direction === 'credit');
  const largest = Math.max(...credits.map((row) => row.amount_minor));
  return credits.filter((row) => row.amount_minor * 50 > largest);
};

describe('keeping the samples', () => {
  it('matches what the script writes', () => {
    const samples = buildSamples();
    expect(claimsCsv(samples.claims)).toBe(csv);
    expect(movementLines(samples.movements)).toBe(lines);
  });

  it('holds 320 claims in the columns that the page names', () => {
    expect(claims).toHaveLength(320);
    expect(Object.keys(claims[0] ?? {})).toEqual([...CLAIM_COLUMNS]);
    expect(csv).not.toMatch(/["\r]/);
  });

  it('is read by the sandbox bank as it stands', () => {
    expect(readMovementLines(lines, new Date())).toHaveLength(movements.length);
  });

  it('expects of how many claims which verdict', () => {
    expect(countsOf(claims)).toEqual(
      new Map([
        ['verified', 266],
        ['needs_review:amount_differs', 24],
        ['needs_review:movement_already_bound', 8],
        ['needs_review:ambiguous_movements', 3],
        ['needs_review:unsupported_evidence', 5],
        ['rejected:duplicate_of', 4],
        ['expired', 10],
      ]),
    );
  });

  it('counts in its page what is in the files', async () => {
    const page = await readFile(join(FOLDER, 'README.md'), 'utf8');
    const told = [...page.matchAll(/^\| `([a-z_:]+)` +\| +(\d+) +\|/gm)].map(
      ([, name = '', count = '']) => [name, Number.parseInt(count, 10)] as const,
    );
    expect(new Map(told)).toEqual(countsOf(claims));
  });
});

describe('writing claims that the service accepts', () => {
  it('gives every claim a natural key of its own', () => {
    const keys = claims.map(({ kind, origin_bank, reference, paid_days_ago }) =>
      [kind, origin_bank, reference.replace(/^0+/, ''), paid_days_ago].join(),
    );
    expect(new Set(keys).size).toBe(claims.length);
  });

  it('repeats an order number only where the second claim is the duplicate', () => {
    const seen = new Set<string>();
    const repeated = claims.filter(({ external_id: id }) => seen.has(id) || !seen.add(id));
    expect(repeated).toEqual(expecting('rejected:duplicate_of'));
  });

  it('spells every field as the API wants it', () => {
    for (const claim of claims) {
      expect(claim).toEqual({
        external_id: expect.stringMatching(/^PED-\d{4}$/),
        kind: expect.stringMatching(/^(pago_movil|transfer|card_deposit)$/),
        type: expect.stringMatching(/^(payment|commission|other)$/),
        origin_bank: expect.stringMatching(/^\d{4}$/),
        reference: expect.stringMatching(/^\d{6,11}$/),
        amount_minor: expect.stringMatching(/^[1-9]\d*$/),
        currency: expect.stringMatching(/^(VES|VED|Bs)$/),
        paid_days_ago: expect.stringMatching(/^[0-2]$/),
        payer_phone: expect.stringMatching(/^(\+584(12|14|16|22|24|26)000\d{4})?$/),
        payer_document: expect.stringMatching(/^V99000\d{3}$/),
        payer_name: expect.stringMatching(/^Cliente \d{3}$/),
        concept: expect.stringMatching(/^Pedido \d{4}$/),
        expected: claim.expected,
        note: expect.stringMatching(/^[a-z][a-z0-9 :]+$/),
      });
    }
  });

  it('keeps clear of references that are magic to the sandbox bank', () => {
    const all = [...claims, ...movements].map(({ reference }) => reference);
    expect(all.filter((reference) => /99\d{4}$/.test(reference))).toEqual([]);
  });

  it('uses one receiving account, whose check digits are right', () => {
    const [account = '', ...others] = new Set(movements.map((row) => row.account));
    expect(others).toEqual([]);
    // Weights 2 to 7 from the right; 10 counts as 0 and 11 as 1.
    const check = (digits: string): string => {
      const sum = digits
        .split('')
        .toReversed()
        .reduce((total, digit, place) => total + Number.parseInt(digit, 10) * ((place % 6) + 2), 0);
      const rest = 11 - (sum % 11);
      return String(rest >= 10 ? rest - 10 : rest);
    };
    const [bank, branch, digits, number] = [
      account.slice(0, 4),
      account.slice(4, 8),
      account.slice(8, 10),
      account.slice(10),
    ];
    expect(digits).toBe(`${check(`${bank}${branch}`)}${check(`${branch}${number}`)}`);
  });
});

describe('backing every expectation by the ledger', () => {
  it('holds exactly one credit of that amount for a verified claim', () => {
    for (const claim of expecting('verified')) {
      expect([claim.note, creditsFor(claim).map((row) => String(row.amount_minor))]).toEqual([
        claim.note,
        [claim.amount_minor],
      ]);
    }
  });

  it('holds exactly one credit of another amount where amounts differ', () => {
    for (const claim of expecting('needs_review:amount_differs')) {
      const [row, ...others] = creditsFor(claim);
      expect(others).toEqual([]);
      expect(String(row?.amount_minor)).not.toBe(claim.amount_minor);
    }
  });

  it('differs by one cent less, by one cent more, and by far', () => {
    const differences = expecting('needs_review:amount_differs').map((claim) => {
      const held = creditsFor(claim)[0]?.amount_minor ?? 0;
      return Math.max(-2, held - Number.parseInt(claim.amount_minor, 10));
    });
    const count = (difference: number): number =>
      differences.filter((one) => one === difference).length;
    expect([count(-1), count(1), count(-2)]).toEqual([8, 8, 8]);
  });

  it('holds two credits of that amount where it is ambiguous', () => {
    for (const claim of expecting('needs_review:ambiguous_movements')) {
      const amounts = creditsFor(claim).map((row) => String(row.amount_minor));
      expect(amounts).toEqual([claim.amount_minor, claim.amount_minor]);
    }
  });

  it('lets the second claim of a pair come after the first, on the same single credit', () => {
    const seconds = [
      ...expecting('needs_review:movement_already_bound'),
      ...expecting('rejected:duplicate_of'),
    ];
    for (const second of seconds) {
      const place = claims.indexOf(second);
      const first = claims[place - 1];
      expect(first?.note).toBe(second.note.replace('second', 'first'));
      expect(first?.expected).toBe('verified');
      expect(creditsFor(second)).toEqual(first === undefined ? [] : creditsFor(first));
      expect(first?.external_id === second.external_id).toBe(
        second.expected === 'rejected:duplicate_of',
      );
    }
  });

  it('holds no credit for a claim that expires or cannot be asked about', () => {
    const without = [...expecting('expired'), ...expecting('needs_review:unsupported_evidence')];
    expect(without.flatMap(creditsFor)).toEqual([]);
  });

  it('holds credits that nobody claims', () => {
    const claimed = new Set(claims.flatMap(creditsFor));
    const commissions = new Set(
      claims.flatMap((claim) => rowsFor(claim).filter((row) => !claimed.has(row))),
    );
    const unclaimed = movements.filter(
      (row) => row.direction === 'credit' && !claimed.has(row) && !commissions.has(row),
    );
    expect(unclaimed).toHaveLength(20);
  });
});
