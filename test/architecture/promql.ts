// What an expression in PromQL names, found without a parser: words that are no function, keyword or label.

const KEYWORDS = new Set(
  'by without on ignoring group_left group_right and or unless bool offset inf nan time vector'.split(
    ' ',
  ),
);

export interface NamedSeries {
  readonly metric: string;
  /** Labels that its braces name. */
  readonly labels: readonly string[];
}

const LABELS_OF_AN_AGGREGATION =
  /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const SERIES = /([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(\s*\()?/g;

/** Labels that an expression groups or joins by. */
export const groupedBy = (expression: string): string[] =>
  [...expression.matchAll(LABELS_OF_AN_AGGREGATION)].flatMap((found) =>
    (found[1] ?? '')
      .split(',')
      .map((label) => label.trim())
      .filter((label) => label !== ''),
  );

/** The series that an expression reads. */
export function seriesIn(expression: string): NamedSeries[] {
  const plain = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(LABELS_OF_AN_AGGREGATION, ' ');
  const found: NamedSeries[] = [];
  for (const [, word = '', braces = '', call] of plain.matchAll(SERIES)) {
    if (call !== undefined || KEYWORDS.has(word.toLowerCase())) continue;
    const labels = [...braces.matchAll(/([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)/g)].map(
      ([, label = '']) => label,
    );
    found.push({ metric: word, labels });
  }
  return found;
}

export interface AlertRule {
  readonly name: string;
  readonly text: string;
}

const EXPRESSION = /^( *)expr: (?:>-\n((?:\1 +.*\n?)+)|(.+))$/gm;

/** The expressions of a file of rules. */
export const expressionsIn = (rules: string): string[] =>
  [...rules.matchAll(EXPRESSION)].map(([, , block, line]) =>
    (block ?? line ?? '').replaceAll(/\s+/g, ' ').trim(),
  );

/** The names that a file of rules records. */
export const recordedIn = (rules: string): string[] =>
  [...rules.matchAll(/- record: (\S+)/g)].map(([, name = '']) => name);

/** The alerts of a file of rules, each with its lines. */
export const alertsIn = (rules: string): AlertRule[] =>
  rules.split(/\n(?= *- (?:alert|record): )/).flatMap((text) => {
    const name = /- alert: (\w+)/.exec(text)?.[1];
    return name === undefined ? [] : [{ name, text }];
  });
