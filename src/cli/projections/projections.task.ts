import { differingRows } from '../../platform/projections/rebuild/read-model-rebuild.js';
import { ProgressLine } from '../local/progress-line.js';
import { UsageError, type OptionValues, type Task } from '../task.js';
import { diffReport } from './diff-report.js';
import { describeReadModels } from './read-model-list.js';
import { ReplayMeter } from './replay-meter.js';
import { NAME, withReadModels, type ReadModelsAtHand } from './with-read-models.js';

const JSON_LINE = { type: 'boolean', summary: 'print figures as JSON on the last line' } as const;

/** One line that moves while the log is replayed. */
function watched(atHand: ReadModelsAtHand) {
  const line = new ProgressLine();
  const meter = new ReplayMeter(performance.now(), () => performance.now());
  return { line, rebuild: atHand.rebuilding((progress) => line.show(meter.line(progress))) };
}

/** What the next command must say to mean the same read models. */
const ofSame = ({ name }: OptionValues): string =>
  typeof name === 'string' ? ` --name ${name}` : '';

const print = (lines: readonly string[]): void => {
  for (const line of lines) console.log(line);
};

const sayJson = (values: OptionValues, figures: object): void => {
  if (values['json'] === true) console.log(JSON.stringify(figures));
};

export const projectionsListTask: Task = {
  options: { name: NAME, json: JSON_LINE },
  run: (values) =>
    withReadModels(values, async (atHand) => {
      print(await describeReadModels(atHand));
      sayJson(
        values,
        atHand.projections.map(({ name, version, tables }) => ({ name, version, tables })),
      );
      return 0;
    }),
};

export const projectionsRebuildTask: Task = {
  options: {
    name: NAME,
    fresh: { type: 'boolean', summary: 'begin anew, whatever an earlier run has built' },
    json: JSON_LINE,
  },
  run: (values) =>
    withReadModels(values, async (atHand) => {
      const began = performance.now();
      const { line, rebuild } = watched(atHand);
      const built = await rebuild.rebuild({ fresh: values['fresh'] === true });
      const seconds = (performance.now() - began) / 1_000;
      const resumed =
        built.resumed.length === 0 ? '' : `, going on with ${built.resumed.join(', ')}`;
      line.end(
        `Built beside the live rows: ${built.events} events in ${seconds.toFixed(1)} s${resumed}. ` +
          `In quarantine: ${built.quarantined}. ` +
          `Next: projections diff${ofSame(values)}, projections switch${ofSame(values)}.`,
      );
      sayJson(values, { events: built.events, seconds, quarantined: built.quarantined });
      return 0;
    }),
};

/** Exit code 1 when rows differ. */
export const projectionsDiffTask: Task = {
  options: { name: NAME, json: JSON_LINE },
  run: (values) =>
    withReadModels(values, async (atHand) => {
      const diffs = await atHand.rebuilding().diff();
      print(diffReport(diffs, 'rebuilt'));
      const differing = differingRows(diffs);
      sayJson(values, { differing });
      return differing === 0 ? 0 : 1;
    }),
};

/** Exit code 1 when it was refused. */
export const projectionsSwitchTask: Task = {
  options: {
    name: NAME,
    tolerance: { type: 'string', summary: 'most rows that may differ', default: '0' },
    force: { type: 'boolean', summary: 'switch whatever differs' },
    back: { type: 'boolean', summary: 'back to the rows that were live before the last switch' },
  },
  run: (values) => {
    const tolerance = Number(values['tolerance']);
    if (!Number.isInteger(tolerance) || tolerance < 0) {
      throw new UsageError('--tolerance is a number of rows');
    }
    const terms = { tolerance, force: values['force'] === true, back: values['back'] === true };
    return withReadModels(values, async (atHand) => {
      const { done, diffs } = await atHand.rebuilding().switch(terms);
      print(diffReport(diffs, terms.back ? 'earlier' : 'rebuilt'));
      console.log(
        done
          ? `Switched. The rows that were live are kept: projections switch --back${ofSame(values)}.`
          : `Refused: more than ${tolerance} rows differ. Nothing was changed; --force switches all the same.`,
      );
      return done ? 0 : 1;
    });
  },
};

/** Exit code 1 when a live row is not what a replay of the log makes of it. */
export const projectionsVerifyTask: Task = {
  options: { name: NAME, json: JSON_LINE },
  run: (values) =>
    withReadModels(values, async (atHand) => {
      const { line, rebuild } = watched(atHand);
      const { diffs, events, quarantined } = await rebuild.verify();
      const differing = differingRows(diffs);
      line.end(`Replayed ${events} events; in quarantine ${quarantined}.`);
      print(diffReport(diffs, 'replayed'));
      console.log(
        differing === 0 ? 'The read models equal a replay.' : `${differing} rows differ.`,
      );
      const rows = diffs.reduce((sum, { liveRows }) => sum + liveRows, 0);
      sayJson(values, { events, rows, differing, quarantined });
      return differing === 0 ? 0 : 1;
    }),
};
