import { createServer } from 'node:net';

function listens(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      // EACCES: ports below 1024 for an ordinary user.
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = probe.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      probe.close(() => resolve(taken));
    });
  });
}

/** The preferred port of 127.0.0.1 when it is free, else any free one; `say` is told of the difference. */
export async function freePort(
  what: string,
  preferred: number,
  say: (line: string) => void,
): Promise<number> {
  const first = await listens(preferred);
  if (first !== null) return first;
  const other = await listens(0);
  if (other === null) throw new Error(`no free port for ${what}`);
  say(`Port ${preferred} is taken; ${what} uses ${other}.`);
  return other;
}
