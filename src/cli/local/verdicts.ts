import type { ShownTransaction } from './claims-api.js';

/** A sample claim that was submitted: what it should come to, and which transaction carries it. */
export interface Submitted {
  readonly group: string;
  /** A status, or a status and its reason; `pending` for those that the bank never settles. */
  readonly expected: string;
  readonly transactionId: string;
}

export type Shown = ReadonlyMap<string, ShownTransaction>;

const STATUSES = ['verified', 'needs_review', 'rejected', 'expired', 'pending'] as const;

export type Counts = Readonly<Record<(typeof STATUSES)[number], number>>;

const statusOf = (shown: Shown, { transactionId }: Submitted): string =>
  shown.get(transactionId)?.status ?? 'pending';

const verdictOf = (shown: Shown, submitted: Submitted): string => {
  const reason = shown.get(submitted.transactionId)?.status_reason ?? null;
  const status = statusOf(shown, submitted);
  return reason === null ? status : `${status}:${reason}`;
};

const isExpected = (shown: Shown, submitted: Submitted): boolean =>
  submitted.expected.includes(':')
    ? verdictOf(shown, submitted) === submitted.expected
    : statusOf(shown, submitted) === submitted.expected;

/** How many of the claims have each status. */
export const countStatuses = (shown: Shown, submitted: readonly Submitted[]): Counts => {
  const having = (status: string): number =>
    submitted.filter((each) => statusOf(shown, each) === status).length;
  return {
    verified: having('verified'),
    needs_review: having('needs_review'),
    rejected: having('rejected'),
    expired: having('expired'),
    pending: having('pending'),
  };
};

/** The transactions that the bank or a rule has settled, or that wait for a person. */
export const endedIds = (shown: Shown): string[] =>
  [...shown.values()].filter(({ status }) => status !== 'pending').map(({ id }) => id);

/** Whether every claim has come to an end, or is one that honestly stays open. */
export const allSettled = (shown: Shown, submitted: readonly Submitted[]): boolean =>
  submitted.every((each) => statusOf(shown, each) !== 'pending' || isExpected(shown, each));

/** The claims whose verdict is not the one their sample promises. */
export const surprises = (shown: Shown, submitted: readonly Submitted[]): Submitted[] =>
  submitted.filter((each) => !isExpected(shown, each));

const tally = (words: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
};

/** A table of what each group of samples was expected to come to, and did. */
export function summaryTable(shown: Shown, submitted: readonly Submitted[]): string {
  const groups = [...new Set(submitted.map(({ group }) => group))];
  const rows = groups.map((group) => {
    const claims = submitted.filter((each) => each.group === group);
    const differing = surprises(shown, claims).length;
    return [
      group,
      String(claims.length),
      tally(claims.map(({ expected }) => expected)),
      tally(claims.map((each) => verdictOf(shown, each))),
      differing === 0 ? 'as expected' : `${differing} DIFFER`,
    ];
  });
  return aligned([['sample', 'claims', 'expected', 'got', ''], ...rows]);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
