// Whether this container's process may take traffic: exit code 0 or 1. The image needs no shell and no curl for it.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const { HTTP_HOST = '127.0.0.1', HTTP_PORT = '8000', HTTP_TLS_CERTIFICATE_FILE = '' } = process.env;
const host = HTTP_HOST === '0.0.0.0' || HTTP_HOST === '::' ? '127.0.0.1' : HTTP_HOST;

const end = (problem) => {
  if (problem !== null) process.stderr.write(`${problem}\n`);
  process.exit(problem === null ? 0 : 1);
};

// The process must show the certificate that it was given, and one that has not expired; its names are for others.
const ours = () => ({
  ca: readFileSync(HTTP_TLS_CERTIFICATE_FILE),
  allowPartialTrustChain: true,
  checkServerIdentity: () => undefined,
});

try {
  const [{ get }, more] = HTTP_TLS_CERTIFICATE_FILE === '' ? [http, {}] : [https, ours()];
  const signal = AbortSignal.timeout(2_500);
  get({ host, port: HTTP_PORT, path: '/readyz', agent: false, signal, ...more }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part) => (text += part));
    answer.on('end', () => end(answer.statusCode === 200 ? null : `not ready: ${text}`));
    answer.on('error', ({ message }) => end(message));
  }).on('error', ({ message }) => end(message));
} catch (error) {
  end(error instanceof Error ? error.message : String(error));
}
