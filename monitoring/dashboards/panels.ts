// The few kinds of panel the dashboards are made of. A query is an expression and what its lines are called.
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  type DataSourceRef,
} from '@grafana/grafana-foundation-sdk/common';
import { VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import * as bars from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Panel,
  type ValueMap,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as pie from '@grafana/grafana-foundation-sdk/piechart';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that monitoring/grafana/provisioning declares. */
export const PROMETHEUS: DataSourceRef = { type: 'prometheus', uid: 'prometheus' };

/** From an expression in PromQL to the name of its lines. */
export type Queries = Readonly<Record<string, string>>;

interface Described {
  readonly title: string;
  /** What a reader needs to know to judge the picture. */
  readonly says: string;
  /** Grafana's name of the unit, such as `s`, `reqps`, `percentunit` or `short`. */
  readonly unit: string;
  readonly queries: Queries;
}

interface Sized {
  /** Of 24 columns. */
  readonly width?: number;
  /** From this value on the panel is red. */
  readonly redFrom?: number;
}

const LETTERS = 'ABCDEFGHIJ';
const HEIGHT = 8;

const queriesOf = (queries: Queries, kind: 'range' | 'instant'): DataqueryBuilder[] =>
  Object.entries(queries).map(([expression, legend], position) => {
    const query = new DataqueryBuilder()
      .refId(LETTERS.charAt(position))
      .datasource(PROMETHEUS)
      .expr(expression)
      .legendFormat(legend);
    return kind === 'range' ? query.range() : query.instant();
  });

const thresholds = (redFrom: number | undefined): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { color: 'green', value: null },
      ...(redFrom === undefined ? [] : [{ color: 'red', value: redFrom }]),
    ]);

const lastValue = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

/** Lines over time. */
export const lines = ({
  title,
  says,
  unit,
  queries,
  width,
  redFrom,
}: Described & Sized): Builder<Panel> =>
  new timeseries.PanelBuilder()
    .title(title)
    .description(says)
    .unit(unit)
    .min(0)
    .datasource(PROMETHEUS)
    .targets(queriesOf(queries, 'range'))
    .thresholds(thresholds(redFrom))
    .fillOpacity(10)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .height(HEIGHT)
    .span(width ?? 8);

/** One figure per series, as it is now. */
export const figure = ({
  title,
  says,
  unit,
  queries,
  width,
  redFrom,
}: Described & Sized): Builder<Panel> =>
  new stat.PanelBuilder()
    .title(title)
    .description(says)
    .unit(unit)
    .datasource(PROMETHEUS)
    .targets(queriesOf(queries, 'range'))
    .thresholds(thresholds(redFrom))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(lastValue())
    .height(HEIGHT)
    .span(width ?? 4);

/** Whether something runs: 1 is up, 0 is down. */
export const health = ({
  title,
  says,
  queries,
  width,
}: Omit<Described, 'unit'> & Sized): Builder<Panel> => {
  const words: ValueMap = {
    type: MappingType.ValueToText,
    options: {
      0: { text: 'down', color: 'red', index: 0 },
      1: { text: 'up', color: 'green', index: 1 },
    },
  };
  return new stat.PanelBuilder()
    .title(title)
    .description(says)
    .datasource(PROMETHEUS)
    .targets(queriesOf(queries, 'range'))
    .mappings([words])
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(lastValue())
    .height(HEIGHT)
    .span(width ?? 8);
};

/** How a whole divides, over the range that the reader chose. */
export const shares = ({ title, says, unit, queries, width }: Described & Sized): Builder<Panel> =>
  new pie.PanelBuilder()
    .title(title)
    .description(says)
    .unit(unit)
    .datasource(PROMETHEUS)
    .targets(queriesOf(queries, 'instant'))
    .reduceOptions(lastValue())
    .height(HEIGHT)
    .span(width ?? 8);

/** One bar per series, over the range that the reader chose. */
export const amounts = ({ title, says, unit, queries, width }: Described & Sized): Builder<Panel> =>
  new bars.PanelBuilder()
    .title(title)
    .description(says)
    .unit(unit)
    .min(0)
    .datasource(PROMETHEUS)
    .targets(queriesOf(queries, 'instant'))
    .reduceOptions(lastValue())
    .height(HEIGHT)
    .span(width ?? 8);
