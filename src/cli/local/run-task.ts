import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command of the command line to its end and answers what it printed. @throws Error when it fails */
export async function runTask(
  commandLine: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(process.execPath, [commandLine, ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (error += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${words.join(' ')} failed (exit ${code}): ${error || out}`);
  return out;
}
