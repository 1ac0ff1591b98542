import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { readConfiguration } from '../../src/platform/config/config.js';
import { exchangeCertificate, readServerTls } from '../../src/platform/http/server-tls.js';
import { ServerTlsConfig } from '../../src/platform/http/server-tls.config.js';
import { TestApp } from '../support/app.js';
import { TestAuthority, type Identity } from '../support/certificates.js';

const run = promisify(execFile);

describe('serving HTTPS without a proxy', () => {
  const authority = new TestAuthority('Inner');
  const first = authority.issue('first');
  let folder: string;
  let environment: Record<string, string>;
  let app: TestApp;

  const put = async ({ certificate, privateKey }: Identity): Promise<void> => {
    await writeFile(join(folder, 'certificate'), certificate);
    await writeFile(join(folder, 'key'), privateKey);
  };
  const config = (more: Record<string, string> = {}): ServerTlsConfig =>
    readConfiguration([ServerTlsConfig], { ...environment, ...more }).section(ServerTlsConfig);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inner-tls-'));
    environment = {
      HTTP_TLS_CERTIFICATE_FILE: join(folder, 'certificate'),
      HTTP_TLS_KEY_FILE: join(folder, 'key'),
    };
    await put(first);
    app = await TestApp.start({ environment: { ROLES: 'api,projector', ...environment } });
  });

  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true });
  });

  const status = (path: string, ca: string): Promise<number> =>
    new Promise((resolve, fail) => {
      const options = { host: '127.0.0.1', port: app.port, path, ca, agent: false } as const;
      https
        .get(options, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
        .on('error', fail);
    });
  /** The name in the certificate that is shown, the version and the cipher. */
  const handshake = (more: ConnectionOptions = {}): Promise<readonly string[]> =>
    new Promise((resolve, fail) => {
      const socket: TLSSocket = connect(
        { host: '127.0.0.1', port: app.port, ca: authority.certificate, ...more },
        () => {
          const { subject } = socket.getPeerCertificate();
          resolve([String(subject.CN), socket.getProtocol() ?? '', socket.getCipher().name]);
          socket.destroy();
        },
      );
      socket.on('error', fail);
    });

  it('answers those who trust its authority, and is refused by the others', async () => {
    expect(await status('/livez', authority.certificate)).toBe(200);
    expect(await status('/metrics', authority.certificate)).toBe(200);
    const stranger = new TestAuthority('Stranger').certificate;
    await expect(status('/livez', stranger)).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('speaks TLS 1.2 and 1.3 with forward secrecy, the strongest cipher first', async () => {
    expect(await handshake()).toEqual(['first', 'TLSv1.3', 'TLS_AES_256_GCM_SHA384']);
    const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384';
    expect(await handshake({ maxVersion: 'TLSv1.2', ciphers })).toEqual([
      'first',
      'TLSv1.2',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    ]);
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' } as const;
    await expect(handshake(weak)).rejects.toMatchObject({ code: expect.stringMatching(/SSL/) });
    const old = {
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    } as const;
    await expect(handshake(old)).rejects.toMatchObject({ code: expect.stringMatching(/SSL/) });
  });

  it('is found healthy by the check of its container, which knows the certificate', async () => {
    const check = (certificate: string) =>
      run(process.execPath, ['deploy/healthcheck.mjs'], {
        env: { HTTP_PORT: String(app.port), HTTP_TLS_CERTIFICATE_FILE: certificate },
      });
    await expect(check(join(folder, 'certificate'))).resolves.toMatchObject({ stderr: '' });
    await writeFile(join(folder, 'other'), authority.issue('other').certificate);
    await expect(check(join(folder, 'other'))).rejects.toMatchObject({ code: 1 });
  });

  it('takes an exchanged certificate while it runs, and keeps the one before if it is wrong', async () => {
    const server = app.app.getHttpServer();
    await put({ ...authority.issue('second'), privateKey: first.privateKey });
    expect(() => exchangeCertificate(server, config())).toThrow('not that of the key');
    expect((await handshake())[0]).toBe('first');
    await put(authority.issue('third'));
    exchangeCertificate(server, config());
    expect((await handshake())[0]).toBe('third');
  });

  it('names what is missing, and is plain HTTP where nothing is given', () => {
    expect(() => readServerTls(config({ HTTP_TLS_KEY_FILE: '' }))).toThrow(
      'HTTP_TLS_KEY_FILE: is required',
    );
    expect(() => readServerTls(config({ HTTP_TLS_KEY_FILE: join(folder, 'none') }))).toThrow(
      'HTTP_TLS_KEY_FILE: cannot be read (ENOENT)',
    );
    const nothing = { HTTP_TLS_CERTIFICATE_FILE: '', HTTP_TLS_KEY_FILE: '' };
    expect(readServerTls(config(nothing))).toBeNull();
  });
});
