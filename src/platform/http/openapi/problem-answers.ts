import type { ProblemCatalog } from '../problem-catalog.js';
import type { ProblemEntry } from '../problem-codes.js';
import { PROBLEM_MEDIA_TYPE, problemDocument } from '../problem.js';
import { addHeaders } from './described-headers.js';
import {
  operationsOf,
  type DocumentShape,
  type Method,
  type Operation,
  type ResponseDescription,
} from './document-shape.js';
import { problemCodesOf } from './operation-problems.js';
import { REFUSES_PREFIX } from './refuses.decorator.js';

type Known = readonly [code: string, entry: ProblemEntry];

/** Says for every operation with which statuses it refuses or fails, and by which codes. */
export function describeProblems(
  document: DocumentShape,
  catalog: ProblemCatalog,
  publicUrl: string,
): void {
  const used = new Map<string, ProblemEntry>();
  for (const { method, operation } of operationsOf(document)) {
    for (const [code, entry] of problemsOf(method, operation, catalog)) used.set(code, entry);
  }
  document.components.examples = Object.fromEntries(
    [...used]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, entry]) => [code, exampleOf(code, entry, publicUrl)]),
  );
}

function problemsOf(
  method: Method,
  operation: Operation,
  catalog: ProblemCatalog,
): readonly Known[] {
  const known = problemCodesOf(method, operation).map((code): Known => {
    const entry = catalog.find(code);
    if (entry === null) throw new Error(`${operation.operationId} names no problem by ${code}`);
    return [code, entry];
  });
  for (const name of Object.keys(operation)) {
    if (name.startsWith(REFUSES_PREFIX)) Reflect.deleteProperty(operation, name);
  }
  for (const status of new Set(known.map(([, entry]) => entry.status))) {
    const problems = known.filter(([, entry]) => entry.status === status);
    // Probes answer 503 in words of their own.
    operation.responses[String(status)] ??= answerOf(status, problems);
  }
  return known;
}

function answerOf(status: number, problems: readonly Known[]): ResponseDescription {
  const codes = problems.map(([code]) => code);
  const answer: ResponseDescription = {
    description: problems.map(([code, { title }]) => `\`${code}\`: ${title}.`).join(' '),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: codes } } },
          ],
        },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
  addHeaders(answer, 'Link');
  if (status === 401) addHeaders(answer, 'WWW-Authenticate');
  if (problems.some(([, { retryable }]) => retryable === true)) addHeaders(answer, 'Retry-After');
  return answer;
}

function exampleOf(code: string, entry: ProblemEntry, publicUrl: string) {
  // A fact stands there as its name in braces.
  const facts = new Proxy({}, { get: (_, name) => `{${String(name)}}` });
  const value = problemDocument({
    code,
    entry,
    facts,
    publicUrl,
    requestId: '0b0c7f3e-7f0a-4f53-8a8b-6c7a3d1e9f10',
    url: '/api/v1/transactions',
  });
  return { summary: entry.title, value };
}
