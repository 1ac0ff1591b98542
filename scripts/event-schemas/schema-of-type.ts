import ts from 'typescript';

/** A JSON Schema (2020-12), as far as events need it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Turns the type of an event's data into a JSON Schema, with what the source says of each field. */
export class SchemaOfType {
  constructor(private readonly checker: ts.TypeChecker) {}

  /** @throws Error for a type that JSON cannot hold */
  of(type: ts.Type): JsonSchema {
    if (type.isUnion()) return this.ofUnion(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { const: this.checker.typeToString(type) === 'true' };
    }
    const primitive = PRIMITIVES.find(([flag]) => (type.flags & flag) !== 0);
    if (primitive !== undefined) return { type: primitive[1] };
    if (this.checker.isArrayType(type)) return { type: 'array', items: this.of(this.itemOf(type)) };
    if (type.flags & ts.TypeFlags.Object) return this.ofObject(type);
    throw new Error(`an event holds ${this.checker.typeToString(type)}, which JSON cannot`);
  }

  private ofUnion(members: readonly ts.Type[]): JsonSchema {
    const schemas = members.map((member) => this.of(member));
    const constants = schemas.flatMap((schema) => ('const' in schema ? [schema['const']] : []));
    if (constants.length === 2 && constants.every((value) => typeof value === 'boolean')) {
      return this.joined([{ type: 'boolean' }, ...schemas.filter((each) => !('const' in each))]);
    }
    const others = schemas.filter((schema) => !('const' in schema));
    return this.joined([
      ...(constants.length === 0
        ? []
        : [{ enum: [...constants].sort((a, b) => (String(a) < String(b) ? -1 : 1)) }]),
      ...others,
    ]);
  }

  /** Plain types join into one list of types; anything else is a choice. */
  private joined(schemas: readonly JsonSchema[]): JsonSchema {
    const [only] = schemas;
    if (schemas.length === 1 && only !== undefined) return only;
    const arePlain = schemas.every((each) => Object.keys(each).join() === 'type');
    return arePlain ? { type: schemas.map((each) => each['type']) } : { anyOf: schemas };
  }

  private ofObject(type: ts.Type): JsonSchema {
    const values = type.getStringIndexType();
    if (values !== undefined) return { type: 'object', additionalProperties: this.of(values) };
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      const description = textOf(property, this.checker);
      properties[property.name] = {
        ...(description === '' ? {} : { description }),
        ...this.of(this.checker.getTypeOfSymbol(property)),
      };
      if ((property.flags & ts.SymbolFlags.Optional) === 0) required.push(property.name);
    }
    return { type: 'object', properties, required, additionalProperties: false };
  }

  private itemOf(type: ts.Type): ts.Type {
    const item = this.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (item === undefined) throw new Error('a list of nothing');
    return item;
  }
}

const PRIMITIVES: readonly (readonly [ts.TypeFlags, string])[] = [
  [ts.TypeFlags.String, 'string'],
  // Amounts and counts; an event holds no fractions.
  [ts.TypeFlags.Number, 'integer'],
  [ts.TypeFlags.Boolean, 'boolean'],
  [ts.TypeFlags.Null, 'null'],
];

/** What the source says of a thing, on one line. */
export const textOf = (symbol: ts.Symbol, checker: ts.TypeChecker): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
