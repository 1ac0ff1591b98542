import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { VERSION } from '../build.js';
import { describeHeaders } from './openapi/described-headers.js';
import { describeWebhooks } from './openapi/described-webhooks.js';
import { METHODS, operationsOf, type DocumentShape } from './openapi/document-shape.js';
import { describeKey } from './openapi/idempotency-key-parameter.js';
import { addExamples } from './openapi/operation-examples.js';
import { describeProblems } from './openapi/problem-answers.js';
import { describeDeprecation } from './openapi/marked-deprecations.js';
import { shareProblems } from './openapi/shared-problems.js';
import { ProblemCatalog } from './problem-catalog.js';
import { WebhookCatalog } from './webhook-catalog.js';

const KEY_SCHEME = 'api_key';

const fieldErrorSchema = z.object({
  in: z.enum(['body', 'query', 'path', 'header']),
  pointer: z.string().describe('JSON pointer (RFC 6901) into that part of the request.'),
  reason: z.string(),
});

// Open: the facts of an occurrence stand beside.
const problemSchema = z.looseObject({
  type: z.url(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  instance: z.string(),
  code: z.string().describe('Stable and listed at /problems; decide by this.'),
  errors: z
    .array(fieldErrorSchema)
    .optional()
    .describe('Every wrong field, when fields are wrong.'),
  request_id: z.string(),
  retryable: z.boolean().describe('True when the same request may succeed later.'),
});

const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output') => {
  const {
    $schema: _,
    $defs,
    ...rest
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    // Instants and amounts are written as text and integers by transforms that JSON Schema cannot see.
    unrepresentable: 'any',
  });
  return { schema: rest, components: $defs ?? {} };
};

/** The document of the API as it is served, OpenAPI 3.1. */
export function apiDocument(app: INestApplication, publicUrl: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('Constancia')
    .setDescription(
      'Verifies claimed payments with the merchant’s bank and says so once, provably.\n\n' +
        'Every answer to a write carries `Position-Token`. Lists marked `x-read-your-writes: position-token` follow the ' +
        'log within moments: sent that token, they wait up to two seconds until they show the write, else answer 409 ' +
        '`read_model_behind` and say how far behind they are. Lists marked `immediate` are read from where the write ' +
        'was made: they show it without waiting, and pay no heed to a token.',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl)
    .addSecurity(KEY_SCHEME, {
      type: 'http',
      scheme: 'bearer',
      description:
        'A key of the merchant, `ck_live_…` or `ck_test_…`, or the access token of a signed-in user.',
    })
    .addSecurityRequirements(KEY_SCHEME)
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    autoTagControllers: false,
    // The library's own converter writes OpenAPI 3.0, which is not valid under 3.1.
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? toJsonSchema(schema, schemaType) : undefined,
  });
  const complete = completed(document, app.get(ProblemCatalog), publicUrl);
  const webhooks = describeWebhooks(
    complete as unknown as DocumentShape,
    app.get(WebhookCatalog).all(),
  );
  return Object.assign(complete, { webhooks });
}

/** What is the same for all operations, so that no route has to repeat it. */
function completed(document: OpenAPIObject, catalog: ProblemCatalog, publicUrl: string) {
  const { schema } = toJsonSchema(problemSchema, 'output');
  const complete: OpenAPIObject = {
    ...document,
    tags: tagsOf(document),
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: schema as object },
    },
  };
  const shape = complete as unknown as DocumentShape;
  for (const { method, operation } of operationsOf(shape)) describeKey(method, operation);
  describeProblems(shape, catalog, publicUrl);
  for (const { method, operation } of operationsOf(shape)) {
    describeHeaders(method, operation);
    describeDeprecation(operation);
  }
  addExamples(shape);
  shareProblems(shape);
  return complete;
}

/** Every tag once, in order, as the operations name them. */
const tagsOf = (document: OpenAPIObject): { readonly name: string }[] => {
  const operations = Object.values(document.paths).flatMap((path) =>
    METHODS.flatMap((method) => path[method] ?? []),
  );
  const names = operations.flatMap(({ tags }) => tags ?? []);
  return [...new Set(names)].sort().map((name) => ({ name }));
};

/** Serves the document and its pages; it is built when first asked for, which keeps the start short. */
export function serveApiDocument(app: INestApplication, publicUrl: string): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app, publicUrl), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Constancia API',
  });
}
