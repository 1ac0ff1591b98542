import { heldStreams } from '../../platform/projections/quarantine.js';
import { retryStream } from '../../platform/projections/quarantine-retry.js';
import { required } from '../required-option.js';
import type { Task, TaskOption } from '../task.js';
import { NAME, withReadModels, type ReadModelsAtHand } from './with-read-models.js';

const STREAM: TaskOption = {
  type: 'string',
  summary: 'the stream, as projections quarantine lists it',
};

const held = ({ projections, db }: ReadModelsAtHand) =>
  heldStreams(
    db.kysely,
    projections.map(({ name }) => name),
  );

/** Exit code 1 when something is held. */
export const quarantineListTask: Task = {
  options: { name: NAME },
  run: (values) =>
    withReadModels(values, async (atHand) => {
      const streams = await held(atHand);
      for (const { projection, streamName, revision, type, reason, since, events } of streams) {
        console.log(
          `${projection}  ${streamName}  ${events} events from ${type} at revision ${revision}, ` +
            `since ${since.toISOString()}: ${reason}`,
        );
      }
      if (streams.length === 0) console.log('Nothing is in quarantine.');
      return streams.length === 0 ? 0 : 1;
    }),
};

/** Prints the event that failed as it is stored; what payers told about themselves is sealed in it. */
export const quarantineInspectTask: Task = {
  options: { name: NAME, stream: STREAM },
  run: (values) => {
    const streamName = required(values, 'stream');
    return withReadModels(values, async (atHand) => {
      const found = (await held(atHand)).filter((each) => each.streamName === streamName);
      const events = found.length === 0 ? [] : await atHand.store.readStream(streamName);
      for (const { projection, revision, reason } of found) {
        const failed = events.find((event) => event.revision === revision);
        console.log(`${projection} could not apply revision ${revision}: ${reason}`);
        if (failed === undefined) continue;
        const { eventId, type, recordedAt, metadata, data } = failed;
        console.log(JSON.stringify({ eventId, type, recordedAt, metadata, data }, null, 2));
      }
      if (found.length === 0) console.log(`Nothing of ${streamName} is in quarantine.`);
      return found.length === 0 ? 1 : 0;
    });
  },
};

/** Exit code 1 when something is still held. */
export const quarantineRetryTask: Task = {
  options: {
    name: NAME,
    stream: { type: 'string', summary: 'one stream only; every held stream without it' },
  },
  run: (values) =>
    withReadModels(values, async (atHand) => {
      const streams = (await held(atHand)).filter(
        ({ streamName }) => values['stream'] === undefined || values['stream'] === streamName,
      );
      let left = 0;
      for (const { projection: name, streamName } of streams) {
        const projection = atHand.projections.find((each) => each.name === name);
        if (projection === undefined) continue;
        const retried = await retryStream(atHand, projection, streamName);
        left += retried.left;
        const rest = retried.reason === null ? '' : `, ${retried.left} left: ${retried.reason}`;
        console.log(`${name}  ${streamName}  ${retried.applied} applied${rest}`);
      }
      if (streams.length === 0) console.log('Nothing is in quarantine.');
      return left === 0 ? 0 : 1;
    }),
};
