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

/** By its key, and of the rest only the columns that are not the same. */
function rowLine({ key, live, other: beside }: DifferingRow, other: string): string {
  if (live === null) return `only ${other}: ${words(key)}`;
  if (beside === null) return `only live: ${words(key)}`;
  const columns = Object.keys(live).filter((name) => text(live[name]) !== text(beside[name]));
  const changes = columns.map((name) => `${name} ${text(live[name])} -> ${text(beside[name])}`);
  return `${words(key)}: ${changes.join(', ')}`;
}

const words = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(' ');

const text = (value: unknown): string => {
  const whole = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return whole.length > VALUE_LENGTH ? `${whole.slice(0, VALUE_LENGTH)}…` : whole;
};
