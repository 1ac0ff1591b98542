// Holds answers to what the OpenAPI document says of them: status, headers, media type, and the body by its schema.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

interface Described {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Media {
  readonly schema?: object;
  readonly examples?: Readonly<
    Record<string, { readonly $ref?: string; readonly value?: unknown }>
  >;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Described>>;
}

export interface DescribedApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: object;
}

interface GivenAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

// Those that mean something to callers of this API; the rest belongs to HTTP itself.
const TOLD = new Set(
  'deprecation,etag,idempotency-replayed,link,location,position-token,preference-applied,ratelimit,ratelimit-policy,retry-after,sunset,www-authenticate,x-request-id'.split(
    ',',
  ),
);

const API = 'https://constancia.invalid/openapi.json';

export class DocumentedAnswers {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly byId: ReadonlyMap<string, DescribedOperation>;
  private readonly validators = new Map<object, ValidateFunction>();

  constructor(private readonly api: DescribedApi) {
    addFormats.default(this.ajv);
    this.byId = new Map(this.operations.map((one) => [one.operationId, one]));
    this.ajv.addSchema({ $id: API, components: api.components });
  }

  /** Every operation, by its id. */
  private get operations(): readonly DescribedOperation[] {
    return Object.values(this.api.paths).flatMap((path) => Object.values(path));
  }

  /** What is wrong with an answer of an operation; null: nothing. */
  faultOf(operationId: string, answer: GivenAnswer): string | null {
    const { responses = {} } = this.byId.get(operationId) ?? {};
    const { statusCode, headers, body } = answer;
    const failure = this.failureOf(answer);
    if (failure !== null) return failure;
    const described = responses[String(statusCode)];
    if (described === undefined) return `${statusCode} is not documented: ${body.slice(0, 200)}`;
    const { headers: known = {}, content } = this.resolved<Described>(described);
    const names = new Set(Object.keys(known).map((name) => name.toLowerCase()));
    const untold = Object.keys(headers).filter((name) => TOLD.has(name) && !names.has(name));
    if (untold.length > 0) return `${statusCode} carries ${untold.join()} undocumented`;
    return this.bodyFault(content, answer);
  }

  private bodyFault(content: Described['content'], answer: GivenAnswer): string | null {
    const { statusCode, headers, body } = answer;
    if (content === undefined) return body === '' ? null : `${statusCode} has a body`;
    const [type = ''] = String(headers['content-type']).split(';', 1);
    const media = content[type];
    if (media === undefined) return `${statusCode} is ${type}, which is not documented`;
    const value: unknown = type.endsWith('json') ? JSON.parse(body) : body;
    const fault = this.mismatch(media, value);
    return fault === null ? null : `${statusCode} does not fit: ${fault}: ${body.slice(0, 300)}`;
  }

  /** What is wrong with an answer whatever was asked; null: nothing. */
  failureOf({ statusCode, body }: GivenAnswer): string | null {
    return statusCode >= 500 ? `${statusCode} ${body.slice(0, 300)}` : null;
  }

  /** Why a value is none that a media type describes; null: it is one. */
  mismatch({ schema }: Media, value: unknown): string | null {
    if (schema === undefined) return null;
    const validate = this.validators.get(schema) ?? this.ajv.compile(this.absolute(schema));
    this.validators.set(schema, validate);
    return validate(value) ? null : this.ajv.errorsText(validate.errors);
  }

  /** Everything that operations take and answer, with the examples that it shows. */
  *shown(): Generator<{
    readonly where: string;
    readonly media: Media;
    readonly examples: unknown[];
  }> {
    for (const { operationId, requestBody, responses } of this.operations) {
      const parts: [string, Media][] = [
        ...Object.entries(requestBody?.content ?? {}),
        ...Object.entries(responses).flatMap(([status, answer]) =>
          Object.entries(this.resolved<Described>(answer).content ?? {}).map(
            ([type, media]): [string, Media] => [`${status} ${type}`, media],
          ),
        ),
      ];
      for (const [part, media] of parts) {
        const examples = Object.values(media.examples ?? {}).map(
          (one) => this.resolved<{ value?: unknown }>(one).value,
        );
        yield { where: `${operationId} ${part}`, media, examples };
      }
    }
  }

  private resolved<T extends object>(part: T & { readonly $ref?: string }): T {
    if (part.$ref === undefined) return part;
    return part.$ref
      .split('/')
      .slice(1)
      .reduce<unknown>((inner, name) => Reflect.get(inner as object, name), this.api) as T;
  }

  private absolute(schema: object): object {
    return JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components/', `"${API}#/components/`),
    ) as object;
  }
}
