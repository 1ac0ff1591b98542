// Runs the contracts: npm run test:contract [-- <jest arguments>]. Given an address, the event-store contract alone runs
// against the server there: npm run test:contract -- 'esdb://127.0.0.1:2113?tls=false'
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const [first = '', ...others] = process.argv.slice(2);
const isAddress = first.startsWith('esdb');
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
    isAddress ? 'eventstoredb' : 'contract',
    '--',
    ...(isAddress ? others : process.argv.slice(2)),
  ],
  {
    stdio: 'inherit',
    env: isAddress ? { ...process.env, EVENTSTOREDB_CONTRACT_ADDRESS: first } : process.env,
  },
);
process.exit(status ?? 1);
