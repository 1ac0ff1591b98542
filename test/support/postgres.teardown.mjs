// Ends what postgres.setup.mjs started.
import { once } from 'node:events';
import { rm } from 'node:fs/promises';

async function stopPostgres() {
  const { server, directory } = globalThis.testPostgres ?? {};
  if (server === undefined) return;
  if (server.exitCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  }
  await rm(directory, { recursive: true, force: true });
}

// jest looks for a default export.
export { stopPostgres as default };
