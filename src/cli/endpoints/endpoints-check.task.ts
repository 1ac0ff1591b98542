import { committedDocument } from '../api-document.task.js';
import { differences } from './document-differences.js';
import { readFile } from 'node:fs/promises';
import { required } from '../required-option.js';
import { UsageError, type Task } from '../task.js';
import { DocumentedShapes, endpointsOf, type ApiDocument } from './documented-endpoints.js';
import { probe } from './endpoint-probe.js';

const ANSWERS_WITHIN_MS = 10_000;

function addressOf(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw new UsageError('--url must begin with http:// or https://');
  }
  return text;
}

/** A key alone in its file, or as `seed` writes it. */
async function keyOf(file: unknown): Promise<string | null> {
  if (typeof file !== 'string') return null;
  const text = (
    await readFile(file, 'utf8').catch(() => {
      throw new UsageError(`--key-file ${file} cannot be read`);
    })
  ).trim();
  return text.startsWith('{') ? (JSON.parse(text) as { apiKey: string }).apiKey : text;
}

async function documentOf(url: string): Promise<ApiDocument | null> {
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const response = await fetch(new URL('/openapi.json', url), { signal }).catch(() => null);
  if (response?.status !== 200) return null;
  const document: unknown = await response.json().catch(() => null);
  return typeof document === 'object' && document !== null && 'paths' in document
    ? (document as ApiDocument)
    : null;
}

/**
 * Measures a service by the document of this build. Sends nothing that changes anything; refused sign-ins and keys stand in
 * the audit as such.
 */
export const endpointsCheckTask: Task = {
  options: {
    url: {
      type: 'string',
      summary: 'where the service is reached, such as https://api.example.com',
    },
    'key-file': { type: 'string', summary: 'a file with a key, to read lists with it too' },
  },
  async run(values) {
    const url = addressOf(required(values, 'url'));
    const key = await keyOf(values['key-file']);
    const served = await documentOf(url);
    if (served === null) {
      console.error('GET /openapi.json: does not answer with the document of the API');
      return 1;
    }
    // A service that measures itself by what it says of itself is always right.
    const text = await committedDocument(served.servers?.[0]?.url);
    const document = JSON.parse(text) as ApiDocument;
    const told = differences(document, served);
    for (const difference of told) console.error(`/openapi.json: ${difference}`);
    const shapes = new DocumentedShapes(document);
    const endpoints = endpointsOf(document);
    let wrong = 0;
    for (const endpoint of endpoints) {
      const problems = await probe(endpoint, { url, key }, shapes);
      if (problems.length > 0) wrong += 1;
      for (const problem of problems) {
        console.error(`${endpoint.method} ${endpoint.path}: ${problem}`);
      }
    }
    console.log(
      `Asked ${endpoints.length} endpoints of this build; ${wrong} do not answer as documented. ` +
        `The document that is served differs in ${told.length} places.`,
    );
    return wrong + told.length === 0 ? 0 : 1;
  },
};
