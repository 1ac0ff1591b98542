import { readFileSync } from 'node:fs';
import { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigurationInvalid } from '../config/config.js';
import type { ServerTlsConfig } from './server-tls.config.js';

// With forward secrecy and authenticated encryption alone, the strongest first, as deploy/nginx/nginx.conf has them at
// the edge. TLS 1.3 comes first of all.
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

const invalid = (name: string, reason: string): ConfigurationInvalid =>
  new ConfigurationInvalid([{ name, reason }]);

function readPem(name: string, path: string): string {
  if (path === '') throw invalid(name, 'is required, since the other of the two is given');
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw invalid(name, `cannot be read (${code})`);
  }
}

/**
 * How the service speaks TLS, from the files as they are now; null where it speaks plain HTTP.
 * @throws ConfigurationInvalid
 */
export function readServerTls(config: ServerTlsConfig): SecureContextOptions | null {
  const { certificateFile, keyFile } = config;
  if (certificateFile === '' && keyFile === '') return null;
  const options: SecureContextOptions = {
    cert: readPem('HTTP_TLS_CERTIFICATE_FILE', certificateFile),
    key: readPem('HTTP_TLS_KEY_FILE', keyFile),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
  };
  try {
    createSecureContext(options);
  } catch {
    // What OpenSSL says of it may hold parts of the file.
    throw invalid('HTTP_TLS_CERTIFICATE_FILE', 'is no certificate, or not that of the key');
  }
  return options;
}

/** Takes a certificate that was exchanged; connections that stand go on with the one before. @throws ConfigurationInvalid */
export function exchangeCertificate(server: object, config: ServerTlsConfig): void {
  const options = readServerTls(config);
  if (options !== null && server instanceof Server) server.setSecureContext(options);
}
