import { setTimeout as pause } from 'node:timers/promises';
import type { DocumentedShapes, Endpoint } from './documented-endpoints.js';
import { wrongHeaders } from './expected-headers.js';

const ANSWERS_WITHIN_MS = 10_000;
// A whole window of the default limit.
const LONGEST_WAIT_SECONDS = 61;
const TOO_MANY = 429;

export interface Caller {
  readonly url: string;
  /** Of an admin or an operator's program; without one, lists are not read. */
  readonly key: string | null;
}

// Ids that nobody has, a day before anything, and names that are there in every version.
const filled = (path: string): string =>
  path
    .replace('/problems/{code}', '/problems/not_found')
    .replace('{day}', '2000-01-01')
    .replace('{version}', '1')
    .replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-00000000ffff');

const isOne = (path: string): boolean => path.includes('{');

type Expectation = (status: number) => string | null;

const is =
  (...expected: readonly number[]): Expectation =>
  (status) =>
    expected.includes(status) ? null : `answers ${status} instead of ${expected.join(' or ')}`;

/** What is sent to an endpoint, and what must come of it. Nothing that is sent changes anything. */
interface Question {
  readonly authorization: string | null;
  readonly expect: Expectation;
}

function questionsTo({ method, open, path }: Endpoint, key: string | null): readonly Question[] {
  const nobody = { authorization: null };
  if (open && method === 'GET') return [{ ...nobody, expect: is(200) }];
  // Without a body, or with registration closed.
  if (open) return [{ ...nobody, expect: is(400, 403, 422) }];
  const refused = [
    { ...nobody, expect: is(401) },
    { authorization: 'Bearer not-a-key', expect: is(401) },
  ];
  if (method !== 'GET' || key === null) return refused;
  const authorization = `Bearer ${key}`;
  return [
    ...refused,
    { authorization, expect: isOne(path) ? is(200, 403, 404) : is(200, 403, 422) },
  ];
}

async function ask(
  { url, method, path }: Endpoint & Caller,
  authorization: string | null,
): Promise<Response> {
  const send = () =>
    fetch(new URL(filled(path), url), {
      method,
      redirect: 'manual',
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { body: '{}' }),
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
  const first = await send();
  const seconds = Number.parseInt(first.headers.get('retry-after') ?? '', 10);
  if (first.status !== TOO_MANY || !(seconds <= LONGEST_WAIT_SECONDS)) return first;
  await first.body?.cancel();
  await pause(seconds * 1000);
  return send();
}

/** What an answer says; of one that never ends, its beginning. */
async function textOf(response: Response, mediaType: string): Promise<string> {
  if (mediaType !== 'text/event-stream') return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
}

/** Asks an endpoint every way it is documented and tells what is wrong with its answers. */
export async function probe(
  endpoint: Endpoint,
  caller: Caller,
  shapes: DocumentedShapes,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { authorization, expect } of questionsTo(endpoint, caller.key)) {
    const response = await ask({ ...endpoint, ...caller }, authorization).catch(() => null);
    if (response === null) {
      found.push('does not answer');
      continue;
    }
    const { status, headers } = response;
    const mediaType = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    const unexpected = expect(status);
    if (unexpected !== null) found.push(unexpected);
    found.push(
      ...shapes.lacksOf(endpoint, { status, mediaType, text: await textOf(response, mediaType) }),
    );
    found.push(...wrongHeaders(headers, caller.url.startsWith('https:')));
  }
  return [...new Set(found)];
}
