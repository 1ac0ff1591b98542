// The embedded event-store node as a process of its own; see docs/event-store-node.md.
import { parseArgs } from 'node:util';
import { runStandIn } from '../stand-in-entry.js';
import { EventStoreNode } from './event-store-node.js';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '0' },
    'stop-with-stdin': { type: 'boolean', default: false },
    /** How many pages of 4 KiB the log may take: stands for a disk of that size. */
    'max-pages': { type: 'string' },
  },
});

await runStandIn('event-store-node', values['stop-with-stdin'], async () => {
  if (values.directory === undefined) throw new Error('--directory is required');
  const maxPages = values['max-pages'];
  const node = await EventStoreNode.start({
    directory: values.directory,
    port: Number.parseInt(values.port, 10),
    ...(maxPages === undefined ? {} : { maxPages: Number.parseInt(maxPages, 10) }),
  });
  process.on('SIGUSR2', () => {
    node.copy().catch((error: unknown) => process.stderr.write(`no copy: ${String(error)}\n`));
  });
  return {
    ready: {
      port: node.port,
      host: node.host,
      connection_string: node.connectionString,
      pid: process.pid,
    },
    stop: () => node.stop(),
  };
});
