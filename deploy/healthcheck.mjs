// Whether this container's process may take traffic: exit code 0 or 1. The image needs no shell and no curl for it.
const { HTTP_HOST = '127.0.0.1', HTTP_PORT = '8000' } = process.env;
const host = HTTP_HOST === '0.0.0.0' || HTTP_HOST === '::' ? '127.0.0.1' : HTTP_HOST;

try {
  const answer = await fetch(`http://${host}:${HTTP_PORT}/readyz`, {
    signal: AbortSignal.timeout(2_500),
  });
  if (!answer.ok) process.stderr.write(`not ready: ${await answer.text()}\n`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
