// The parts of an OpenAPI 3.1 document that are completed here; the library's own types describe OpenAPI 3.0.
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

export interface MediaType {
  readonly schema?: JsonSchema;
  examples?: Record<string, { readonly value: unknown } | { readonly $ref: string }>;
}

export interface HeaderDescription {
  readonly description: string;
  readonly schema: JsonSchema;
}

export interface Reference {
  readonly $ref: string;
}

export interface ResponseDescription {
  description: string;
  headers?: Record<string, Reference>;
  content?: Record<string, MediaType>;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: JsonSchema;
  example?: unknown;
}

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  deprecated?: boolean;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, MediaType> };
  responses: Record<string, ResponseDescription>;
  [extension: `x-${string}`]: unknown;
}

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof METHODS)[number];

export interface DocumentShape {
  readonly paths: Readonly<Record<string, Partial<Record<Method, Operation>>>>;
  readonly components: {
    readonly schemas: Record<string, JsonSchema>;
    headers?: Record<string, HeaderDescription>;
    responses?: Record<string, ResponseDescription>;
    examples?: Record<string, { readonly summary: string; readonly value: unknown }>;
  };
}

/** Every operation of the document, with its method. */
export const operationsOf = ({
  paths,
}: DocumentShape): readonly { readonly method: Method; readonly operation: Operation }[] =>
  Object.values(paths).flatMap((path) =>
    METHODS.flatMap((method) => {
      const operation = path[method];
      return operation === undefined ? [] : [{ method, operation }];
    }),
  );

/** True for routes that ask for nobody's name. */
export const isOpen = ({ security }: Operation): boolean =>
  security?.some((one) => Object.keys(one).length === 0) ?? false;

/** What a schema refers to, as far as it does. */
export function resolved({ components }: DocumentShape, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (components.schemas[name] ?? schema);
}
