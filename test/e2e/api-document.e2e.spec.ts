import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiAcceptedResponse, ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { REQUIRED_PERMISSION, Requires } from '../../src/access/requires.decorator.js';
import { Deprecated } from '../../src/platform/http/deprecation/deprecated.decorator.js';
import { NoIdempotencyKey } from '../../src/platform/http/idempotency/key-use.decorator.js';
import { OPEN_TO_ALL, OpenToAll } from '../../src/platform/http/open-to-all.decorator.js';
import { ProblemCatalog } from '../../src/platform/http/problem-catalog.js';
import { ProblemError } from '../../src/platform/http/problem.js';
import { TestApp } from '../support/app.js';

const payer = z.strictObject({ phone: z.string().optional() }).meta({ id: 'SpecPayer' });
const claim = z
  .strictObject({ amount: z.int().positive(), payer: payer.nullable() })
  .meta({ id: 'SpecClaim' });

@Controller('documented')
class DocumentedController {
  @Post()
  @Requires('transactions:write')
  @ApiAcceptedResponse({ standardSchema: claim, description: 'Taken.' })
  submit(@Body({ schema: claim }) body: z.infer<typeof claim>) {
    return body;
  }

  @Get('going')
  @OpenToAll()
  @Deprecated({ since: '2026-11-01', sunset: '2027-11-01', instead: 'GET /documented/here' })
  @ApiOkResponse({ description: 'Still there.' })
  going(@Query('fail') fail?: string) {
    if (fail !== undefined) throw new ProblemError('not_found');
    return {};
  }

  @Post('going-field')
  @OpenToAll()
  @NoIdempotencyKey()
  @Deprecated({ since: '2026-11-01', field: 'payer', instead: 'payers' })
  @ApiAcceptedResponse({ description: 'Taken.' })
  goingField(@Body({ schema: claim }) body: z.infer<typeof claim>) {
    return body;
  }
}

@Module({ controllers: [DocumentedController] })
class DocumentedModule {}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}

interface ApiDocument {
  readonly openapi: string;
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let app: TestApp;
let document: ApiDocument;

beforeAll(async () => {
  app = await TestApp.start({ modules: [DocumentedModule] });
  document = (await (await fetch(`${app.url}/openapi.json`)).json()) as ApiDocument;
});

afterAll(() => app.stop());

/** Every handler of a route in the whole service, with the controller that holds it. */
function* handlers(): Generator<{ name: string; targets: object[] }> {
  const scanner = new MetadataScanner();
  for (const module of app.app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      const prototype = metatype?.prototype as Record<string, object> | undefined;
      if (typeof metatype !== 'function' || prototype === undefined) continue;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name] ?? {};
        if (!Reflect.hasMetadata('path', handler)) continue;
        yield { name: `${metatype.name}.${name}`, targets: [handler, metatype] };
      }
    }
  }
}

describe('declaring who may call', () => {
  it('leaves no route without a permission or an open door', () => {
    const routes = [...handlers()];
    const silent = routes
      .filter(({ targets }) =>
        targets.every(
          (target) =>
            !Reflect.hasMetadata(REQUIRED_PERMISSION, target) &&
            !Reflect.hasMetadata(OPEN_TO_ALL, target),
        ),
      )
      .map(({ name }) => name);
    expect(routes.length).toBeGreaterThan(10);
    expect(silent).toEqual([]);
  });
});

describe('taking something away', () => {
  const TOLD = {
    deprecation: '@1793491200',
    sunset: 'Mon, 01 Nov 2027 00:00:00 GMT',
    link: expect.stringContaining('rel="deprecation"') as string,
  };
  const toldBy = ({ headers }: Response) => ({
    deprecation: headers.get('deprecation'),
    sunset: headers.get('sunset'),
    link: headers.get('link'),
  });

  it('is told with every answer, refusals too', async () => {
    const path = `${app.url}/api/v1/documented/going`;
    expect(toldBy(await fetch(path))).toEqual(TOLD);
    const refused = await fetch(`${path}?fail=1`);
    expect(refused.status).toBe(404);
    expect(toldBy(refused)).toEqual(TOLD);
    expect(refused.headers.get('link')).toContain('rel="help"');
  });

  it('is told of a field to who sends it', async () => {
    const send = (body: string) =>
      fetch(`${app.url}/api/v1/documented/going-field`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    const sent = await send('{"amount":1,"payer":null}');
    expect([sent.status, sent.headers.get('deprecation')]).toEqual([201, TOLD.deprecation]);
    expect((await send('{"amount":1}')).headers.get('deprecation')).toBeNull();
  });

  it('stands in the document', () => {
    const going = document.paths['/api/v1/documented/going']?.['get'] as unknown as {
      readonly deprecated: boolean;
      readonly description: string;
      readonly responses: { readonly 200: { readonly headers: object } };
    };
    expect(going.deprecated).toBe(true);
    expect(going.description).toContain('2027-11-01');
    expect(Object.keys(going.responses[200].headers)).toEqual(
      expect.arrayContaining(['Deprecation', 'Sunset', 'Link']),
    );
  });
});

describe('explaining problems', () => {
  it('has a page for every code, where the type of the problem points', async () => {
    const codes = app.app.get(ProblemCatalog).all();
    expect(codes.length).toBeGreaterThan(60);
    for (const [code, { title }] of codes) {
      const page = await fetch(`${app.url}/problems/${code}`);
      expect([code, page.status]).toEqual([code, 200]);
      expect(await page.text()).toContain(`<h1>${title.replaceAll('&', '&amp;')}</h1>`);
    }
  });
});

describe('documenting the API', () => {
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('is OpenAPI 3.1 with a key for every operation that does not say otherwise', () => {
    expect(document.openapi).toBe('3.1.1');
    expect(document.security).toEqual([{ api_key: [] }]);
    expect(document.paths['/livez']?.['get']?.security).toEqual([{}]);
    expect(document.paths['/api/v1/documented']?.['post']?.security).toBeUndefined();
  });

  it('names every operation once and says what it answers', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations()) {
      expect([path, operation.operationId]).toEqual([path, expect.stringMatching(/^\w+$/)]);
      const statuses = Object.keys(operation.responses);
      expect([path, statuses]).toEqual([path, expect.arrayContaining(['400', '431', '500'])]);
      // Each refusal by its own status, none by a range.
      expect([path, statuses.filter((status) => !/^\d{3}$/.test(status))]).toEqual([path, []]);
    }
  });

  it('refers only to schemas that it holds', () => {
    const text = JSON.stringify(document);
    const wanted = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(wanted.length).toBeGreaterThan(0);
    expect(text).not.toMatch(/\$defs|"nullable"/);
    for (const [, name = ''] of wanted) expect(document.components.schemas).toHaveProperty(name);
  });

  it('writes what a body may hold from the schema that checks it', () => {
    expect(document.components.schemas['SpecClaim']).toMatchObject({
      type: 'object',
      required: ['amount', 'payer'],
      additionalProperties: false,
      properties: {
        amount: { type: 'integer' },
        payer: { anyOf: [{ $ref: '#/components/schemas/SpecPayer' }, { type: 'null' }] },
      },
    });
  });

  it('has pages for people', async () => {
    const page = await fetch(`${app.url}/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect((await fetch(`${app.url}/docs/swagger-ui-bundle.js`)).status).toBe(200);
    expect(await (await fetch(`${app.url}/docs/swagger-ui-init.js`)).text()).toContain('SpecClaim');
  });
});
