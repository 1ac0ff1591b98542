import { api } from './api.dashboard.js';
import { dashboardOf } from './board.js';
import { finance } from './finance.dashboard.js';
import { overview } from './overview.dashboard.js';
import { projections } from './projections.dashboard.js';
import { verification } from './verification.dashboard.js';

/** The text of every dashboard's file, by the name of the file. */
export const dashboardFiles = (): ReadonlyMap<string, string> =>
  new Map(
    [overview, verification, projections, finance, api].map((board) => [
      `${board.uid}.json`,
      `${JSON.stringify(dashboardOf(board), null, 2)}\n`,
    ]),
  );
