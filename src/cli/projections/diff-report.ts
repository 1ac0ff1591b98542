import type {
  ComparedGroup,
  DifferingRow,
  TableDiff,
} from '../../platform/projections/rebuild/row-diff.js';

const GROUPS_SHOWN = 10;
const VALUE_LENGTH = 60;

/** What differs, for a person: counts of every table, sums of every group that is not the same, the first rows. */
export function diffReport(diffs: readonly TableDiff[], other: string): readonly string[] {
  return diffs.flatMap((diff) => [
    `${diff.table}: ${diff.liveRows} rows live, ${diff.otherRows} ${other}, ${diff.differing} differ`,
    ...sumLines(diff.groups, other),
    ...diff.first.map((row) => `  ${rowLine(row, other)}`),
  ]);
}

function sumLines(groups: readonly ComparedGroup[], other: string): readonly string[] {
  if (groups.length === 0) return [];
  const differing = groups.filter(({ same }) => !same);
  const shown = differing
    .slice(0, GROUPS_SHOWN)
    .map(
      ({ group, live, other: beside }) =>
        `    ${words(group)}: ${words(live) || 'none'} live, ${words(beside) || 'none'} ${other}`,
    );
  return [`  sums: ${groups.length} groups, ${differing.length} differ`, ...shown];
}

/** Only the columns that are not the same. */
function rowLine({ live, other: beside }: DifferingRow, other: string): string {
  if (live === null) return `only ${other}: ${words(keyed(beside ?? {}))}`;
  if (beside === null) return `only live: ${words(keyed(live))}`;
  const columns = Object.keys(live).filter((name) => text(live[name]) !== text(beside[name]));
  const changes = columns.map((name) => `${name} ${text(live[name])} -> ${text(beside[name])}`);
  return `${words(keyed(live))}: ${changes.join(', ')}`;
}

/** The first column, which is the key or begins it. */
const keyed = (row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => /_id$|^stream_name$/.test(name))
      .slice(0, 2),
  );

const words = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(' ');

const text = (value: unknown): string => {
  const whole = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return whole.length > VALUE_LENGTH ? `${whole.slice(0, VALUE_LENGTH)}…` : whole;
};
