import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { dashboardFiles } from '../../monitoring/dashboards/all-dashboards.js';
import { PROMETHEUS } from '../../monitoring/dashboards/panels.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { repositoryRoot } from './cruise.js';
import { alertsIn, expressionsIn, groupedBy, recordedIn, seriesIn } from './promql.js';

const read = (...path: string[]): string => readFileSync(join(repositoryRoot, ...path), 'utf8');
const rulesFolder = join('monitoring', 'prometheus', 'rules');
const ruleFiles = readdirSync(join(repositoryRoot, rulesFolder)).map((name) => ({
  name,
  text: read(rulesFolder, name),
}));

interface ShownPanel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string }[];
}

const panelsOf = (text: string): readonly ShownPanel[] =>
  (JSON.parse(text) as { panels: ShownPanel[] }).panels.filter(({ type }) => type !== 'row');
const dashboards = [...dashboardFiles()];
const shown = dashboards.flatMap(([file, text]) =>
  panelsOf(text).map((panel) => ({ where: `${file}: ${panel.title}`, panel })),
);

// What Prometheus and its exporters say themselves, and the labels that Prometheus adds to every series.
const FOREIGN = new Set([
  'up',
  'node_filesystem_avail_bytes',
  'node_filesystem_size_bytes',
  // Written by deploy/backup/backup.sh for node exporter.
  'constancia_backup_last_success_timestamp_seconds',
]);
const ADDED_LABELS = ['job', 'instance', 'le', 'fstype', 'mountpoint', 'environment'];

// What prom-client keeps of a metric and does not declare.
interface Declared {
  readonly name: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

interface Known {
  readonly labels: readonly string[];
}

const knownSeries = (): ReadonlyMap<string, Known> => {
  const ours = new Metrics().registry;
  const standard = new Registry();
  collectDefaultMetrics({ register: standard });
  const known = new Map<string, Known>();
  for (const registry of [ours, standard]) {
    for (const metric of registry.getMetricsAsArray()) {
      const { name, type, labelNames } = metric as unknown as Declared;
      const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['_sum', '_count'] };
      for (const suffix of suffixes[type as keyof typeof suffixes] ?? ['']) {
        known.set(`${name}${suffix}`, { labels: labelNames });
      }
    }
  }
  return known;
};

const known = knownSeries();
const recorded = new Set(ruleFiles.flatMap(({ text }) => recordedIn(text)));
const everyLabel = new Set([
  ...ADDED_LABELS,
  ...[...known.values()].flatMap(({ labels }) => labels),
]);

/** What an expression names that nothing exports. */
const unknownIn = (expression: string): string[] => [
  ...seriesIn(expression).flatMap(({ metric, labels }) => {
    if (FOREIGN.has(metric) || recorded.has(metric)) return [];
    const series = known.get(metric);
    if (series === undefined) return [metric];
    const allowed = new Set([...ADDED_LABELS, ...series.labels]);
    return labels.filter((label) => !allowed.has(label)).map((label) => `${metric}{${label}}`);
  }),
  ...groupedBy(expression).filter((label) => !everyLabel.has(label)),
];

describe('reading PromQL', () => {
  it('tells series from functions, keywords, labels and durations', () => {
    const expression =
      'max by (a) (x{b="c{d", e=~"f"}) unless on() sum(increase(y_total[90m])) > bool 0 or vector(0)';

    expect(seriesIn(expression)).toEqual([
      { metric: 'x', labels: ['b', 'e'] },
      { metric: 'y_total', labels: [] },
    ]);
    expect(groupedBy(expression)).toEqual(['a']);
  });

  it('finds a misspelt metric and a label that a metric does not have', () => {
    expect(unknownIn('rate(http_request_total[5m])')).toEqual(['http_request_total']);
    expect(unknownIn('http_requests_total{endpoint="/"}')).toEqual([
      'http_requests_total{endpoint}',
    ]);
    expect(unknownIn('sum by (rout) (http_requests_total)')).toEqual(['rout']);
  });
});

// Every process that knows them says the same figure of what all share; added up, two instances would double it.
const SHARED = [
  'auth_active_sessions',
  'transactions_in_progress',
  'payments_oldest_pending_age_seconds',
  'payments_permits_used',
  'payments_permits_free',
  'payments_bank_closed',
  'payments_projection_lag_seconds',
  'payments_projection_lag_events',
  'payments_projection_quarantined',
  'payments_webhook_pending',
  'payments_webhook_oldest_pending_age_seconds',
  'payments_mails_waiting',
];
const addedUp = (expression: string): string[] =>
  SHARED.filter((metric) =>
    new RegExp(String.raw`\bsum\s*(by\s*\([^)]*\)\s*)?\(\s*${metric}\b`).test(expression),
  );

describe('reading what several instances say', () => {
  const shownExpressions = shown.flatMap(({ panel }) =>
    (panel.targets ?? []).map(({ expr }) => expr),
  );
  const ruled = ruleFiles.flatMap(({ text }) => expressionsIn(text));

  it('adds up no figure that each of them says of the same thing', () => {
    expect([...shownExpressions, ...ruled].flatMap(addedUp)).toEqual([]);
    expect(addedUp('sum(auth_active_sessions)')).toEqual(['auth_active_sessions']);
    expect(addedUp('sum by (credential) (payments_permits_free)')).toEqual([
      'payments_permits_free',
    ]);
  });
});

const NOT_SHOWN = {
  // Only where backups are made is it there, and nobody watches a figure that is the same all day: BackupMissing does.
  constancia_backup_last_success_timestamp_seconds: 'alert',
};

describe('showing metrics', () => {
  it('has committed dashboards that are current', () => {
    const folder = join('monitoring', 'grafana', 'dashboards');
    const committed = readdirSync(join(repositoryRoot, folder)).map((name) => [
      name,
      read(folder, name),
    ]);

    expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(dashboards));
  });

  it('names in every panel only what the service exports', () => {
    const wrong = shown.flatMap(({ where, panel }) =>
      (panel.targets ?? []).flatMap(({ expr }) =>
        unknownIn(expr).map((name) => `${where}: ${name}`),
      ),
    );

    expect(wrong).toEqual([]);
  });

  it('shows every metric of the service, or says why not', () => {
    const declared = new Metrics().registry.getMetricsAsArray() as unknown as readonly Declared[];
    const expressions = shown.flatMap(({ panel }) => (panel.targets ?? []).map(({ expr }) => expr));
    const read = new Set(
      expressions
        .flatMap(seriesIn)
        .map(({ metric }) => metric)
        .flatMap((series) => [series, series.replace(/_(bucket|sum|count)$/, '')]),
    );
    const hidden = declared.map(({ name }) => name).filter((name) => !read.has(name));

    expect(hidden).toEqual(Object.keys(NOT_SHOWN));
  });

  it('says what each panel means, and asks the provisioned source', () => {
    const silent = shown.filter(
      ({ panel }) =>
        !/^[A-Z1].*\.$/.test(panel.description ?? '') || panel.datasource?.uid !== PROMETHEUS.uid,
    );

    expect(silent.map(({ where }) => where)).toEqual([]);
    expect(
      read('monitoring', 'grafana', 'provisioning', 'datasources', 'prometheus.yml'),
    ).toContain(`uid: ${PROMETHEUS.uid}\n`);
  });

  it('begins with the fifteen inherited panels', () => {
    const overview = dashboardFiles().get('constancia-overview.json') ?? '';

    expect(panelsOf(overview).map(({ title }) => title)).toEqual([
      'Request Rate',
      'Response Time (p95)',
      'HTTP Status Codes Distribution',
      'Active Requests',
      'Transaction Status Distribution',
      'Transaction Amount by Bank',
      'Banesco API Call Rate',
      'Banesco API Latency',
      'Banesco Error Rate',
      'Auth Success Rate',
      'Active Sessions',
      'Database Query Duration',
      'Database Connection Pool',
      'Cache Hit Ratio',
      'Application Health Status',
    ]);
  });
});

describe('alerting on metrics', () => {
  const alerts = ruleFiles.flatMap(({ text }) => alertsIn(text));
  const runbook = read('docs', 'runbook.md');

  it('names in every rule only what is exported or recorded', () => {
    const wrong = ruleFiles.flatMap(({ name, text }) =>
      expressionsIn(text).flatMap((expression) =>
        unknownIn(expression).map((what) => `${name}: ${what}`),
      ),
    );

    expect(wrong).toEqual([]);
  });

  it('reads an expression from every rule', () => {
    for (const { text } of ruleFiles) {
      expect(expressionsIn(text)).toHaveLength(alertsIn(text).length + recordedIn(text).length);
    }
  });

  it('has a section of the runbook for each alert, and no section without one', () => {
    const sections = [...runbook.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);

    expect(new Set(sections)).toEqual(new Set(alerts.map(({ name }) => name)));
  });

  it.each(alerts)(
    'says of $name how urgent it is, what it means and where to read on',
    ({ name, text }) => {
      expect(text).toMatch(/severity: (page|ticket|none)\b/);
      expect(text).toMatch(/summary: ./);
      expect(text).toMatch(/description: ./);
      expect(text).toContain(`runbook_url: docs/runbook.md#${name.toLowerCase()}\n`);
    },
  );

  it('rehearses every alert', () => {
    const folder = join('monitoring', 'prometheus', 'tests');
    const tests = readdirSync(join(repositoryRoot, folder))
      .map((file) => read(folder, file))
      .join('\n');

    expect(alerts.filter(({ name }) => !tests.includes(name)).map(({ name }) => name)).toEqual([]);
  });

  it('routes alike in development and production', () => {
    const routes = (file: string) =>
      /^route:[\s\S]*?(?=^receivers:)/m.exec(read('monitoring', 'alertmanager', file))?.[0];

    expect(routes('development.yml')).toBe(routes('alertmanager.yml'));
  });
});
