import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that was free a moment ago: the wanted one, or any for 0.
 * @throws Error naming the port when it is taken
 */
export function claimablePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${wanted} is taken`) : error);
    });
    probe.listen({ host: '127.0.0.1', port: wanted, exclusive: true }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}
