// Erases the personal data of a verified claim, as the demo's admin, and prints the claim's id.
// The temporary password that seeding printed is changed at the first sign-in, into one that follows from it.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ClaimsApi } from '../src/cli/local/claims-api.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8000' },
    key: { type: 'string', default: 'demo-merchant.json' },
    // Which: the first by id after so many.
    skip: { type: 'string', default: '0' },
  },
});
const people = z.array(
  z.object({ email: z.string(), role: z.string(), temporaryPassword: z.string() }),
);
const { apiKey, users } = z
  .object({ apiKey: z.string(), users: people })
  .parse(JSON.parse(await readFile(values.key, 'utf8')));
const admin = users.find(({ role }) => role === 'admin');
if (admin === undefined) throw new Error(`${values.key} names no admin`);
const { email, temporaryPassword: temporary } = admin;
const own = `${temporary} of my own`;

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${values.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });

async function signIn(password: string): Promise<string | null> {
  const answer = await post('auth/login', { email, password });
  if (answer.status === 401) return null;
  const { access_token: token } = z.object({ access_token: z.string() }).parse(await answer.json());
  return token;
}

async function signInForTheFirstTime(): Promise<string | null> {
  const token = await signIn(temporary);
  if (token === null) return null;
  const change = { current_password: temporary, new_password: own };
  const changed = await post('auth/password', change, {
    authorization: `Bearer ${token}`,
    'idempotency-key': 'first-sign-in',
  });
  if (!changed.ok) throw new Error(`the password: ${changed.status} ${await changed.text()}`);
  return signIn(own);
}

const token = (await signInForTheFirstTime()) ?? (await signIn(own));
if (token === null) throw new Error('the admin cannot sign in');
const claims = await new ClaimsApi(values.url, apiKey).all();
const verified = [...claims.values()]
  .filter(({ status }) => status === 'verified')
  .map(({ id }) => id);
const id = verified.toSorted()[Number.parseInt(values.skip, 10)];
if (id === undefined) throw new Error('there are not so many verified claims');
const erased = await post(
  `transactions/${id}/erase-personal-data`,
  { reason: 'the payer asked for it' },
  { authorization: `Bearer ${token}`, 'idempotency-key': 'erase' },
);
if (!erased.ok) throw new Error(`erasing ${id}: ${erased.status} ${await erased.text()}`);
console.log(id);
