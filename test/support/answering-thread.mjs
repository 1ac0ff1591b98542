// A thread for `ThreadedAppender` that only pretends to append: it answers with the number of events, never answers, or
// dies, as the stream's name says.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', (message) => {
  if (message === 'close') {
    parentPort.postMessage('closed');
    return;
  }
  for (const [id, streamName, , ...texts] of message) {
    if (streamName === 'die') throw new Error('died as told');
    if (streamName === 'refuse') parentPort.postMessage([[id, 'refused', 'as told']]);
    else if (streamName !== 'wait') {
      parentPort.postMessage([[id, BigInt(texts.length / 4 - 1), 7n, false]]);
    }
  }
});
