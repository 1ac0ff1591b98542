import { parseArgs } from 'node:util';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { EventStoreNode } from './event-store-node.js';
import { CannotStart } from './log-file.js';

const USAGE = 'Usage: event-store-node.main.js --directory <folder> [--port <number>]';

// The gRPC library would print its own words about a taken port beside our one line.
setLogVerbosity(logVerbosity.NONE);

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '0' },
    'max-pages': { type: 'string' },
  },
});

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

const { directory } = values;
const port = Number(values.port);
if (directory === undefined || !Number.isInteger(port)) fail(USAGE);
else await serve(directory);

async function serve(folder: string): Promise<void> {
  const maxPages =
    values['max-pages'] === undefined ? {} : { maxPages: Number(values['max-pages']) };
  try {
    const node = await EventStoreNode.start({ directory: folder, port, ...maxPages });
    const stop = (): void => {
      void node.stop().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    const { connectionString } = node;
    process.stdout.write(
      `${JSON.stringify({ ready: true, port: node.port, connectionString, pid: process.pid })}\n`,
    );
  } catch (error) {
    if (error instanceof CannotStart) fail(error.message);
    throw error;
  }
}
