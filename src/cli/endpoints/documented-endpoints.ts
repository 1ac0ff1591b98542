// What the OpenAPI document promises of each endpoint, and what an answer lacks of it.
import { z } from 'zod';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface DocumentedResponse {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly { readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

export interface ApiDocument {
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, object>>;
    readonly responses?: Readonly<Record<string, DocumentedResponse>>;
  };
}

export interface Endpoint {
  readonly method: string;
  readonly path: string;
  /** No key is asked for. */
  readonly open: boolean;
  readonly responses: Operation['responses'];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export const endpointsOf = ({ paths }: ApiDocument): readonly Endpoint[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const operation = operations[method];
      if (operation === undefined) return [];
      // An empty requirement among others means: without any, too (OpenAPI 3.1, 4.8.10).
      const open = operation.security?.some((one) => Object.keys(one).length === 0) ?? false;
      return [{ method: method.toUpperCase(), path, open, responses: operation.responses }];
    }),
  );

/** An answer as far as it is looked at. */
export interface SeenAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

const responseFor = (responses: Endpoint['responses'], status: number) =>
  responses[String(status)] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses['default'];

/** The shapes of the document, by which answers are measured. */
export class DocumentedShapes {
  private readonly definitions: Record<string, object>;
  private readonly shared: Readonly<Record<string, DocumentedResponse>>;

  constructor({ components }: ApiDocument) {
    this.definitions = atRoot(components?.schemas ?? {}) as Record<string, object>;
    this.shared = components?.responses ?? {};
  }

  /** What an answer lacks of what is documented; empty when nothing. */
  lacksOf({ responses }: Endpoint, { status, mediaType, text }: SeenAnswer): readonly string[] {
    const documented = responseFor(responses, status);
    if (documented === undefined) return [`answers ${status}, which is not documented`];
    const { content } = this.resolved(documented);
    if (content === undefined)
      return text === '' ? [] : ['answers a body where none is documented'];
    const shape = content[mediaType];
    if (shape === undefined) {
      return [
        `answers ${mediaType || 'no media type'}, documented is ${Object.keys(content).join(', ')}`,
      ];
    }
    return mediaType.endsWith('json') ? this.differences(shape.schema ?? {}, text) : [];
  }

  /** Answers that many endpoints give stand once in the document. */
  private resolved(response: DocumentedResponse): DocumentedResponse {
    const name = response.$ref?.replace('#/components/responses/', '');
    return name === undefined ? response : (this.shared[name] ?? {});
  }

  private differences(schema: object, text: string): readonly string[] {
    const body = parsed(text);
    if (body === undefined) return ['answers what is no JSON'];
    const whole = { ...(atRoot(schema) as object), $defs: this.definitions } as JsonSchema;
    const issues = z.fromJSONSchema(whole).safeParse(body).error?.issues ?? [];
    return issues.map(({ path, message }) => `/${path.join('/')} differs: ${message}`);
  }
}

// zod finds definitions at the root of a schema, OpenAPI keeps them elsewhere.
const atRoot = (schema: object): unknown =>
  JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/'));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
