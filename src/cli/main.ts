import { enableCompileCache } from 'node:module';
import { runCommandLine } from './command-line.js';
import { TASKS } from './tasks.js';

// Tasks import most of the service; the next one finds it compiled.
enableCompileCache();

try {
  process.exitCode = await runCommandLine(TASKS, process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
