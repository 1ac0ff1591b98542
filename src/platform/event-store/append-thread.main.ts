// The thread that `ThreadedAppender` starts: it keeps the client, which is a third of what a submission costs, off the
// thread that answers requests.
import { parentPort, workerData } from 'node:worker_threads';
import {
  failureOf,
  unpacked,
  type AnsweredAppend,
  type AppendThreadOptions,
  type AskedAppend,
  type FromThread,
  type ToThread,
} from './append-messages.js';
import { EventStoreDbAppender } from './eventstoredb.appender.js';
import { EventStoreDbConnection } from './eventstoredb.connection.js';

const { url, timeoutMs } = workerData as AppendThreadOptions;
const appender = new EventStoreDbAppender(new EventStoreDbConnection(url), timeoutMs);
let answers: AnsweredAppend[] = [];

const tell = (message: FromThread): void => parentPort?.postMessage(message);

// Answers of the store come many at a time: handed over together, they wake the other thread once.
function answer(answered: AnsweredAppend): void {
  answers.push(answered);
  if (answers.length > 1) return;
  setImmediate(() => {
    const together = answers;
    answers = [];
    tell(together);
  });
}

async function run([id, streamName, expected, ...texts]: AskedAppend): Promise<void> {
  try {
    const { revision, position, retried } = await appender.append(
      streamName,
      expected,
      unpacked(texts),
    );
    answer([id, revision, position, retried]);
  } catch (error) {
    answer([id, ...failureOf(error)]);
  }
}

async function close(): Promise<void> {
  await appender.close();
  tell('closed');
}

parentPort?.on('message', (message: ToThread) => {
  if (message === 'close') void close();
  else for (const asked of message) void run(asked);
});
