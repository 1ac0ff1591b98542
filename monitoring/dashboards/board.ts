import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** A dashboard as its file describes it. */
export interface Board {
  /** Part of its address, and the name of its file: never changes. */
  readonly uid: string;
  readonly title: string;
  readonly says: string;
  readonly rows: Readonly<Record<string, readonly Builder<Panel>[]>>;
}

/** What Grafana reads. People change the source and generate it again, so it cannot be edited there. */
export function dashboardOf({ uid, title, says, rows }: Board): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(says)
    .tags(['constancia'])
    .timezone('browser')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly();
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row));
    for (const panel of panels) builder.withPanel(panel);
  }
  return builder.build();
}
