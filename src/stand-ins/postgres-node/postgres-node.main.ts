// A real PostgreSQL as a process of its own; prints one JSON line once it is ready.
import { parseArgs } from 'node:util';
import { runStandIn } from '../stand-in-entry.js';
import { DATABASE, OWNER_ROLE } from './cluster.js';
import { PostgresNode } from './postgres-node.js';

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    port: { type: 'string', default: '0' },
    /** Skips every fsync: for tests. */
    'not-durable': { type: 'boolean', default: false },
    'stop-with-stdin': { type: 'boolean', default: false },
    /** Writes the server's log to the standard error. */
    verbose: { type: 'boolean', default: false },
  },
});

await runStandIn('postgres-node', values['stop-with-stdin'], async () => {
  if (values.directory === undefined) throw new Error('--directory is required');
  const node = await PostgresNode.start({
    directory: values.directory,
    port: Number.parseInt(values.port, 10),
    durable: !values['not-durable'],
    ...(values.verbose ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
  });
  return {
    ready: {
      port: node.port,
      host: '127.0.0.1',
      database: DATABASE,
      user: OWNER_ROLE,
      password_file: PostgresNode.passwordFile(values.directory),
    },
    stop: () => node.stop(),
    failed: node.exited,
  };
});
