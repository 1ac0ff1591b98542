import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { BankSecret } from '../bank-gateway/credentials/bank-secrets.port.js';
import { Secret } from '../platform/config/secret.js';
import { UsageError } from './task.js';

const secretFile = z.union([
  z.strictObject({ client_id: z.string().min(1), client_secret: z.string().min(1) }),
  z.strictObject({ api_key: z.string().min(1) }),
]);

const WHAT_A_FILE_HOLDS =
  'the file must hold {"client_id": …, "client_secret": …} or {"api_key": …}';

/** From a file or the standard input, never from an argument: those are seen by everybody on the machine. */
export async function readSecretFile(file: string): Promise<BankSecret> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  const read = secretFile.safeParse(parsed(content));
  if (!read.success) throw new UsageError(WHAT_A_FILE_HOLDS);
  return 'api_key' in read.data
    ? { by: 'api_key', key: new Secret(read.data.api_key) }
    : {
        by: 'token',
        clientId: new Secret(read.data.client_id),
        clientSecret: new Secret(read.data.client_secret),
      };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // Without the parser's own words, which quote what they could not read.
    throw new UsageError(WHAT_A_FILE_HOLDS);
  }
}
