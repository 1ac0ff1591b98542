import type { Registry } from 'prom-client';

/** What prom-client keeps of one line and does not declare: the labels of a histogram come apart from each bucket's bound. */
interface Line {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly sharedLabels?: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
}

interface Read {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Line[];
}

interface Readable {
  get(): Promise<Read>;
  getForPromString?(): Promise<Read>;
}

/** How the lines of a series begin, in their order: a histogram has one for each bucket. */
type Beginnings = string[];

// A series' labels are one object for as long as it lives, and thousands of lines are written with every scrape: what stands
// before a figure never changes.
const known = new WeakMap<object, WeakMap<object, Beginnings>>();

/**
 * The page that Prometheus reads, byte for byte as the registry would write it, in a fraction of the time: the registry
 * escapes every label of every line again each time.
 */
export async function metricsPage(registry: Registry): Promise<string> {
  const metrics = registry.getMetricsAsArray() as unknown as readonly Readable[];
  const pages = await Promise.all(
    metrics.map(async (metric) =>
      pageOf(await (metric.getForPromString?.() ?? metric.get()), beginningsOf(metric)),
    ),
  );
  return `${pages.join('\n\n')}\n`;
}

function beginningsOf(metric: object): WeakMap<object, Beginnings> {
  const before = known.get(metric);
  if (before !== undefined) return before;
  const fresh = new WeakMap<object, Beginnings>();
  known.set(metric, fresh);
  return fresh;
}

function pageOf({ name, help, type, values }: Read, ofSeries: WeakMap<object, Beginnings>): string {
  let page = `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}`;
  let series: object | undefined;
  let beginnings: Beginnings = [];
  let at = 0;
  for (const line of values) {
    const labels = line.sharedLabels ?? line.labels;
    if (labels === undefined || labels !== series) {
      series = labels;
      beginnings = (labels === undefined ? undefined : ofSeries.get(labels)) ?? [];
      if (labels !== undefined) ofSeries.set(labels, beginnings);
      at = 0;
    }
    page += (beginnings[at] ??= beginningOf(line, name)) + figure(line.value);
    at += 1;
  }
  return page;
}

function beginningOf({ labels = {}, sharedLabels = {}, metricName }: Line, name: string): string {
  const all = [listed(labels), listed(sharedLabels)].filter((text) => text !== '').join(',');
  return `\n${metricName ?? name}${all === '' ? '' : `{${all}}`} `;
}

const listed = (labels: Readonly<Record<string, string | number>>): string =>
  Object.entries(labels)
    .map(([label, value]) => `${label}="${escaped(String(value)).replaceAll('"', '\\"')}"`)
    .join(',');

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

function figure(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value < 0 ? '-Inf' : '+Inf';
}
