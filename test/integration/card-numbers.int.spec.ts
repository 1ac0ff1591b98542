import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PERMISSIONS } from '../../src/access/domain/permissions.js';
import type { Permission } from '../../src/access/requires.decorator.js';
import { apiCaller } from '../support/api-caller.js';
import { TestApp } from '../support/app.js';

const CARD = '4111 1111 1111 1111';
const BARE = CARD.replaceAll(' ', '');

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { requestBody?: { content: Record<string, { schema: Schema }> } } | undefined
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Kept nowhere but as a hash, so that what they are is nobody's business. */
const NEVER_KEPT = /password|refresh_token|recovery_code|totp_code/;

interface Text {
  readonly pointer: string;
  /** Holds a card number there and nothing else. */
  readonly body: unknown;
}

const within = (name: string, wrap: (body: unknown) => unknown, texts: readonly Text[]): Text[] =>
  texts.map(({ pointer, body }) => ({ pointer: `/${name}${pointer}`, body: wrap(body) }));

/** Every text in a schema. */
function textsIn(document: Document, schema: Schema): readonly Text[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return textsIn(document, document.components.schemas[name] ?? {});
  }
  const { anyOf = [], properties = {}, additionalProperties: notes, items } = schema;
  const isText = [schema.type].flat().includes('string') && schema.enum === undefined;
  return [
    ...anyOf.flatMap((choice) => textsIn(document, choice)),
    ...Object.entries(properties).flatMap(([name, property]) =>
      within(name, (body) => ({ [name]: body }), textsIn(document, property)),
    ),
    ...(typeof notes === 'object'
      ? within('note', (note) => ({ note }), textsIn(document, notes))
      : []),
    ...(items === undefined ? [] : within('0', (body) => [body], textsIn(document, items))),
    ...(isText ? [CARD, BARE].map((body) => ({ pointer: '', body })) : []),
  ];
}

interface Question extends Text {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
}

/** One request for each text of each route. */
const questionsOf = (document: Document): readonly Question[] =>
  Object.entries(document.paths)
    // A person's own routes take passwords and codes alone, and ask for a session; bulk takes what one takes.
    .filter(([path]) => !/\/auth\/(?!register|login)|\/bulk$/.test(path))
    .flatMap(([path, operations]) =>
      (['post', 'patch'] as const).flatMap((verb) => {
        const schema = operations[verb]?.requestBody?.content['application/json']?.schema;
        const method = verb === 'post' ? ('POST' as const) : ('PATCH' as const);
        return (schema === undefined ? [] : textsIn(document, schema))
          .filter(({ pointer }) => !NEVER_KEPT.test(pointer))
          .map((text) => ({ ...text, method, path }));
      }),
    );

describe('refusing card numbers', () => {
  let app: TestApp;
  let call: ReturnType<typeof apiCaller>;
  let key: string;
  let merchantKey: string;

  beforeAll(async () => {
    app = await TestApp.start({ environment: { ROLES: 'api', REGISTRATION_OPEN: 'true' } });
    call = apiCaller(app);
    const all = PERMISSIONS.filter((permission) => permission !== 'self') as Permission[];
    key = await app.issueKey(all);
    const body = { name: 'Bodega', tolerance: { under: 0, over: 0 }, match_days: 30 };
    const made = await call<{ id: string }>('POST', 'merchants', { key, body });
    merchantKey = await app.issueKey(['transactions:write'], made.body.id);
  });

  afterAll(() => app.stop());

  it('names every field of every route that holds one, and repeats it nowhere', async () => {
    const file = resolve(import.meta.dirname, '../../docs/api/openapi.json');
    const document = JSON.parse(await readFile(file, 'utf8')) as Document;
    const missed: string[] = [];
    const questions = questionsOf(document);
    for (const { method, path, pointer, body } of questions) {
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000009');
      const answer = await call<{ errors?: { pointer: string }[] }>(method, url, {
        key: path.endsWith('/transactions') ? merchantKey : key,
        body,
        headers: { 'if-match': '"1"' },
      });
      const named = answer.body.errors?.some((error) => error.pointer === pointer) ?? false;
      const echoed = JSON.stringify(answer.body).includes('4111');
      if (answer.status !== 422 || !named || echoed) missed.push(`${method} ${path} ${pointer}`);
    }
    expect(missed).toEqual([]);
    expect(questions.length).toBeGreaterThan(30);
    expect(app.lines.filter((line) => line.includes('4111'))).toEqual([]);
  });

  it('keeps none that comes in a header', async () => {
    const answer = await call('POST', 'merchants', {
      key,
      body: {},
      headers: { 'idempotency-key': BARE, 'x-request-id': BARE },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers['x-request-id']).not.toBe(BARE);
    expect(JSON.stringify(answer.body)).not.toContain(BARE);
  });
});
