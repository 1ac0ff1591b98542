// Lets nginx ask two instances that only pretend, by deploy/nginx/upstream.conf and what nginx.conf says of a second try: one
// has just come back and answers slowly when the other one stops. That was answered 502 ("no live upstreams") once.
// Also: a request that is cut in the middle is given to the other one. Prints what it saw; exit code 1 when a request is lost.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createListener, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One of two instances: there or gone, quick or slow. */
class Pretended {
  answersAfterMs = 0;
  private server: Server | null = null;

  constructor(readonly port: number) {}

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      request.resume().on('end', () => {
        setTimeout(() => response.end(String(this.port)), this.answersAfterMs);
      });
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** As a process that is killed: what it was about to answer is cut. */
  async close(): Promise<void> {
    const closed = this.server?.close();
    closed?.closeAllConnections();
    if (closed !== undefined) await once(closed, 'close');
  }
}

async function freePort(): Promise<number> {
  const listener = createListener().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

async function configuration(folder: string, port: number, one: Pretended, two: Pretended) {
  const upstream = (await readFile('deploy/nginx/upstream.conf', 'utf8'))
    .replaceAll('172.28.0.11:8000', `127.0.0.1:${one.port}`)
    .replaceAll('172.28.0.12:8000', `127.0.0.1:${two.port}`);
  const whole = await readFile('deploy/nginx/nginx.conf', 'utf8');
  const rules = whole.match(/^ *proxy_(next_upstream|connect_timeout).*;$/gm) ?? [];
  if (rules.length !== 4) throw new Error('nginx.conf says nothing of a second try');
  return `
    worker_processes 2; daemon off; pid ${folder}/pid; error_log ${folder}/error.log warn;
    events { worker_connections 256; }
    http {
      access_log off;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      ${upstream}
      server {
        listen 127.0.0.1:${port};
        proxy_http_version 1.1;
        proxy_set_header connection "";
        ${rules.join('\n')}
        location / { proxy_pass http://api; }
      }
    }`;
}

/** What became of a POST: its status, or that there was none. */
const post = (port: number): Promise<string> =>
  fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: 'a claim',
    signal: AbortSignal.timeout(20_000),
  }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return String(answer.status);
    },
    () => 'nothing',
  );

const posts = (port: number, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => post(port)));

async function isUp(port: number): Promise<void> {
  for (const until = performance.now() + 20_000; performance.now() < until; await delay(50)) {
    if ((await post(port)) === '200') return;
  }
  throw new Error('nginx does not answer');
}

const folder = await mkdtemp(join(tmpdir(), 'replacement-'));
const port = await freePort();
const one = new Pretended(await freePort());
const two = new Pretended(await freePort());
await Promise.all([one.open(), two.open()]);
await writeFile(join(folder, 'nginx.conf'), await configuration(folder, port, one, two));
const nginx = spawn('nginx', ['-p', folder, '-c', 'nginx.conf'], { stdio: 'ignore' });
const ended = once(nginx, 'exit');
const seen: string[] = [];
try {
  await isUp(port);
  await one.close();
  seen.push(...(await posts(port, 20)));
  // Back, and slow: from its first request until that is answered it is on probation.
  one.answersAfterMs = 1_500;
  await one.open();
  await delay(2_500);
  const probation = posts(port, 4);
  await delay(300);
  await two.close();
  seen.push(...(await posts(port, 20)), ...(await probation));
  await two.open();
  const cut = posts(port, 10);
  await delay(300);
  await one.close();
  seen.push(...(await cut));
} finally {
  nginx.kill();
  await ended;
  await Promise.all([one.close(), two.close()]);
  await rm(folder, { recursive: true });
}
const lost = seen.filter((outcome) => outcome !== '200');
console.log(`${seen.length} requests, ${lost.length} of them lost ${lost.join(' ')}`);
process.exitCode = lost.length === 0 ? 0 : 1;
