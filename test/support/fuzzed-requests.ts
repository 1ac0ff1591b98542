// Requests made from the OpenAPI document: mostly right, then bent in one of the ways that break careless servers.
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

export interface FuzzedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface FuzzedRequest {
  readonly operation: Operation;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | Buffer | undefined;
}

/** Numbers from a seed (mulberry32), so that a failure can be had again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  9_007_199_254_740_992,
  -0.5,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  "'; drop table state.merchant; --",
  '../../etc/passwd',
  '${jndi:ldap://127.0.0.1/x}',
  '<script>1</script>',
  '%00%ff',
  'a'.repeat(10_000),
  '9'.repeat(400),
  '😀'.repeat(300),
  [],
  {},
  [[[[[]]]]],
  { toString: 1 },
  { hasOwnProperty: 'x' },
];

const RAW_BODIES: readonly (string | Buffer)[] = [
  '',
  '{',
  'nul',
  '"text"',
  '[]',
  'null',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"a":1,"a":2}',
  `{"a":${'9'.repeat(5_000)}}`,
  '{"a":1e99999}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  Buffer.from([0x22, 0xc3, 0x28, 0x22]),
  Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
  '{"a":"\\ud800"}',
  `{"a":"${'x'.repeat(70_000)}"}`,
];

const HEADER_VALUES = [
  '',
  '0',
  '*',
  'W/"1"',
  '"1"',
  'x'.repeat(500),
  'wait=99999999999',
  'wait=-1',
  '\t\'"',
  'ÿþ',
];
const HEADERS = [
  'idempotency-key',
  'if-match',
  'prefer',
  'traceparent',
  'x-request-id',
  'accept',
  'content-type',
  'constancia-position',
  'x-forwarded-for',
];

/** Makes one request after another, each from chance alone. */
export class RequestMaker {
  private readonly operations: readonly {
    readonly path: string;
    readonly method: string;
    readonly operation: Operation;
  }[];

  constructor(
    private readonly document: FuzzedDocument,
    private readonly chance: () => number,
    /** Ids that exist, so that requests reach further than "not found". */
    private readonly ids: readonly string[],
  ) {
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
  }

  get count(): number {
    return this.operations.length;
  }

  /** A request to the operation of a turn, so that every one has its share. */
  make(turn: number): FuzzedRequest {
    const chosen = this.operations[turn % this.operations.length];
    if (chosen === undefined) throw new Error('the document names no operation');
    const { path, method, operation } = chosen;
    const raw = method !== 'get' && this.chance() < 0.15;
    const schema = operation.requestBody?.content['application/json']?.schema;
    const body = schema === undefined ? undefined : JSON.stringify(this.valueOf(schema, 0.25));
    return {
      operation,
      method: method.toUpperCase(),
      url: this.addressOf(path, operation),
      headers: this.headersOf(method),
      payload: raw ? this.pick(RAW_BODIES) : body,
    };
  }

  private addressOf(path: string, { parameters = [] }: Operation): string {
    const filled = path.replaceAll(/\{\w+\}/g, () =>
      this.chance() < 0.6 ? this.pick(this.ids) : encodeURIComponent(textOf(this.strange())),
    );
    const query = parameters
      .filter((parameter) => parameter.in === 'query' && this.chance() < 0.5)
      .map(({ name, schema = {} }) => {
        return `${name}=${encodeURIComponent(textOf(this.valueOf(schema, 0.3)))}`;
      });
    if (this.chance() < 0.05) query.push('__proto__=1', '%E0%A4%A=1');
    // A path longer than a parameter may be is answered before any route.
    return `${filled.slice(0, 2_000)}${query.length === 0 ? '' : `?${query.join('&').slice(0, 4_000)}`}`;
  }

  private headersOf(method: string): Record<string, string> {
    const headers: Record<string, string> = {
      'idempotency-key': `k-${Math.floor(this.chance() * 1e9)}`,
      'if-match': `"${Math.floor(this.chance() * 3)}"`,
      ...(method === 'get' ? {} : { 'content-type': 'application/json' }),
    };
    if (this.chance() < 0.15) headers[this.pick(HEADERS)] = this.pick(HEADER_VALUES);
    return headers;
  }

  /** A value that fits a schema, or one that does not, by the share given. */
  private valueOf(schema: Schema, strangeness: number): unknown {
    if (this.chance() < strangeness * 0.3) return this.strange();
    const name = schema.$ref?.split('/').at(-1);
    if (name !== undefined) {
      return this.valueOf(this.document.components.schemas[name] ?? {}, strangeness);
    }
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) return this.valueOf(this.pick(choices), strangeness);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return this.pick(schema.enum);
    return this.plainValueOf(schema, strangeness);
  }

  private plainValueOf(schema: Schema, strangeness: number): unknown {
    if (schema.properties !== undefined) {
      const entries = Object.entries(schema.properties)
        .filter(() => this.chance() < 0.85)
        .map(([name, property]) => [name, this.valueOf(property, strangeness)] as const);
      return this.chance() < 0.05
        ? { ...Object.fromEntries(entries), surprise: deep(200) }
        : Object.fromEntries(entries);
    }
    const [type] = [schema.type ?? 'string'].flat();
    if (type === 'array') {
      const length = Math.floor(this.chance() * 3);
      return Array.from({ length }, () => this.valueOf(schema.items ?? {}, strangeness));
    }
    if (type === 'integer' || type === 'number') return Math.floor(this.chance() * 1_000);
    if (type === 'boolean') return this.chance() < 0.5;
    return this.textFor(schema);
  }

  private textFor({ format, pattern = '' }: Schema): string {
    if (format === 'uuid' || pattern.includes('[0-9a-fA-F]{8}')) return this.pick(this.ids);
    if (format === 'date-time') return '2026-03-10T14:00:00Z';
    if (format === 'email') return `p${Math.floor(this.chance() * 50)}@example.com`;
    return this.pick(['0102', '683473078', 'order-1', 'VES', '2026-03-10', '04125555555', '50']);
  }

  private strange(): unknown {
    return this.pick(STRANGE);
  }

  private pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.chance() * list.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  }
}

const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Half a surrogate pair cannot be percent-encoded.
  return text.replace(/[\ud800-\udfff]/g, '?');
};
