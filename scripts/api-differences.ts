// What of a changed OpenAPI document would break a client that was written for the older one.

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

type Side = 'request' | 'response';

const schemasOf = (part: Content | undefined): readonly Schema[] =>
  Object.values(part?.content ?? {}).flatMap(({ schema }) => schema ?? []);

const asList = (type: Schema['type']): readonly string[] => [type ?? []].flat();

/** Compares two schemas; requests may only grow wider, answers only richer. */
class SchemaComparison {
  private readonly seen = new Set<string>();

  constructor(
    private readonly before: ApiDescription,
    private readonly after: ApiDescription,
  ) {}

  compare(older: Schema, newer: Schema, where: string, side: Side): readonly string[] {
    const key = `${older.$ref ?? ''} ${newer.$ref ?? ''} ${side}`;
    if (older.$ref !== undefined && newer.$ref !== undefined) {
      if (this.seen.has(key)) return [];
      this.seen.add(key);
    }
    const a = resolved(this.before, older);
    const b = resolved(this.after, newer);
    return [
      ...typeChanges(a, b, where),
      ...(side === 'request' ? requestChanges(a, b, where) : responseChanges(a, b, where)),
      ...Object.entries(a.properties ?? {}).flatMap(([name, property]) => {
        const other = b.properties?.[name];
        return other === undefined ? [] : this.compare(property, other, `${where}/${name}`, side);
      }),
      ...(a.items === undefined || b.items === undefined
        ? []
        : this.compare(a.items, b.items, `${where}[]`, side)),
    ];
  }
}

const resolved = (api: ApiDescription, schema: Schema): Schema =>
  schema.$ref === undefined
    ? schema
    : (api.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? schema);

function typeChanges(a: Schema, b: Schema, where: string): readonly string[] {
  if (a.type === undefined || b.type === undefined) return [];
  const lost = asList(a.type).filter((type) => !asList(b.type).includes(type));
  return lost.map((type) => `${where}: is no longer ${type}`);
}

function requestChanges(a: Schema, b: Schema, where: string): readonly string[] {
  const names = Object.keys(a.properties ?? {});
  const gone = names.filter((name) => b.properties !== undefined && !(name in b.properties));
  const demanded = (b.required ?? []).filter((name) => !(a.required ?? []).includes(name));
  const words = (a.enum ?? []).filter((word) => b.enum !== undefined && !b.enum.includes(word));
  return [
    ...gone.map((name) => `${where}: no longer takes ${name}`),
    ...demanded.map((name) => `${where}: now demands ${name}`),
    ...words.map((word) => `${where}: no longer takes ${String(word)}`),
  ];
}

function responseChanges(a: Schema, b: Schema, where: string): readonly string[] {
  const promised = (a.required ?? []).filter((name) => !(b.required ?? []).includes(name));
  return promised.map((name) => `${where}: no longer promises ${name}`);
}

function parameterChanges(older: Operation, newer: Operation, where: string): readonly string[] {
  const before = older.parameters ?? [];
  const after = newer.parameters ?? [];
  const same = (a: Parameter) => (b: Parameter) => a.name === b.name && a.in === b.in;
  const gone = before.filter((one) => !after.some(same(one)));
  const demanded = after.filter(
    (one) => one.required === true && before.find(same(one))?.required !== true,
  );
  return [
    ...gone.map(({ name }) => `${where}: no longer takes the parameter ${name}`),
    ...demanded.map(({ name }) => `${where}: now demands the parameter ${name}`),
  ];
}

function answerChanges(
  older: Operation,
  newer: Operation,
  where: string,
  schemas: SchemaComparison,
): readonly string[] {
  return Object.entries(older.responses ?? {}).flatMap(([status, answer]) => {
    const other = newer.responses?.[status] ?? concreteIn(newer, status);
    if (other === undefined) return [`${where}: no longer answers ${status}`];
    const [a] = schemasOf(answer);
    const [b] = schemasOf(other);
    return a === undefined || b === undefined
      ? []
      : schemas.compare(a, b, `${where} ${status}`, 'response');
  });
}

/** Any status of a range, such as 4XX: a client that was ready for all of them is ready for those that are named. */
const concreteIn = ({ responses = {} }: Operation, range: string): Content | undefined =>
  /^\dXX$/.test(range)
    ? Object.entries(responses).find(([status]) => status.startsWith(range.slice(0, 1)))?.[1]
    : undefined;

/** Every change that would break a client, in words; none when it may be published as it is. */
export function breakingChanges(before: ApiDescription, after: ApiDescription): readonly string[] {
  const schemas = new SchemaComparison(before, after);
  return Object.entries(before.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, older]) => {
      const where = `${method.toUpperCase()} ${path}`;
      const newer = after.paths[path]?.[method];
      if (newer === undefined) return [`${where}: is gone`];
      const [a] = schemasOf(older.requestBody);
      const [b] = schemasOf(newer.requestBody);
      return [
        ...parameterChanges(older, newer, where),
        ...(a === undefined || b === undefined
          ? []
          : schemas.compare(a, b, `${where} body`, 'request')),
        ...answerChanges(older, newer, where, schemas),
      ];
    }),
  );
}
