// Runs the event-store contract against a server at any address:
// npm run test:contract:eventstoredb -- 'esdb://127.0.0.1:2113?tls=false'
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const [address, ...jestArguments] = process.argv.slice(2);
if (!address?.startsWith('esdb')) {
  process.stderr.write(
    "Usage: npm run test:contract:eventstoredb -- 'esdb://host:port?tls=false'\n",
  );
  process.exit(2);
}
const root = resolve(import.meta.dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    resolve(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    resolve(root, 'test/jest.config.mjs'),
    '--selectProjects',
    'eventstoredb',
    ...jestArguments,
  ],
  { stdio: 'inherit', env: { ...process.env, EVENTSTOREDB_CONTRACT_ADDRESS: address } },
);
process.exit(status ?? 1);
