import { resolved, type DocumentShape, type JsonSchema } from './document-shape.js';
import { IN_ANSWERS, IN_REQUESTS } from './example-words.js';

const AN_ID = '11111111-2222-4333-8444-555555555555';
const AN_INSTANT = '2026-03-10T14:00:00.000Z';
const A_DAY = '2026-03-10';
// Tried in this order where neither name nor format says more.
const TEXTS = ['example', '683473078', '0134', A_DAY, AN_ID, AN_INSTANT, 'a'.repeat(32)];

/** Writes an example of what a schema describes; what a schema says of itself comes first. */
export class ExampleWriter {
  private readonly words: Readonly<Record<string, unknown>>;

  constructor(
    private readonly document: DocumentShape,
    private readonly side: 'request' | 'answer',
  ) {
    this.words = side === 'request' ? IN_REQUESTS : IN_ANSWERS;
  }

  /** @throws Error where nothing that we know fits; the schema then has to bring its own example */
  write(schema: JsonSchema, name = ''): unknown {
    const shape = resolved(this.document, schema);
    const given = ownExample(shape);
    if (given !== undefined) return given;
    const word = this.words[name];
    if (word !== undefined && this.kindsOf(shape).includes(kindOf(word))) return word;
    const choices = shape.anyOf ?? shape.oneOf;
    if (choices?.[0] !== undefined) return this.write(choices[0], name);
    if (shape.properties !== undefined) return this.anObject(shape);
    return this.aValue(shape, name);
  }

  /** What a schema allows, through references and choices. */
  private kindsOf(schema: JsonSchema): readonly string[] {
    const { type = [], anyOf = [], oneOf = [] } = resolved(this.document, schema);
    return [...[type].flat(), ...[...anyOf, ...oneOf].flatMap((one) => this.kindsOf(one))];
  }

  private anObject({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
    const shown = Object.entries(properties).filter(
      // Optional fields of a request are shown where there is a word for them.
      ([name]) => this.side === 'answer' || required.includes(name) || name in this.words,
    );
    return Object.fromEntries(shown.map(([name, property]) => [name, this.write(property, name)]));
  }

  private aValue(shape: JsonSchema, name: string): unknown {
    const [type] = [shape.type ?? 'object'].flat();
    if (type === 'array') return shape.items === undefined ? [] : [this.write(shape.items)];
    if (type === 'object') return {};
    if (type === 'boolean') return false;
    if (type === 'integer' || type === 'number') return Math.max(shape.minimum ?? 0, 1);
    return type === 'null' ? null : aText(shape, name);
  }
}

function kindOf(word: unknown): string {
  if (word === null) return 'null';
  if (Array.isArray(word)) return 'array';
  return typeof word === 'number' ? 'integer' : typeof word;
}

const ownExample = ({ examples, example, const: fixed, enum: words }: JsonSchema): unknown =>
  examples?.[0] ?? example ?? fixed ?? words?.[0];

/** What names and formats say of a text. */
const BY_SHAPE: readonly {
  readonly format?: string;
  readonly name?: RegExp;
  readonly text: string;
}[] = [
  { format: 'date-time', name: /_at$|_at_|until/, text: AN_INSTANT },
  { name: /_on$|_on_|^(?:day|from|to)$/, text: A_DAY },
  { format: 'uuid', name: /^id$|_id$/, text: AN_ID },
  { format: 'uri', text: 'https://example.com/' },
  { format: 'email', text: 'somebody@example.com' },
];

function aText(shape: JsonSchema, name: string): string {
  const preferred = BY_SHAPE.filter(
    (one) =>
      (shape.format !== undefined && one.format === shape.format) || one.name?.test(name) === true,
  );
  const found = [...preferred.map(({ text }) => text), ...TEXTS].find((text) => fits(shape, text));
  if (found === undefined) throw new Error(`no example is known for ${name}`);
  return found;
}

const fits = (
  { pattern, minLength = 0, maxLength = Infinity }: JsonSchema,
  text: string,
): boolean =>
  text.length >= minLength &&
  text.length <= maxLength &&
  (pattern === undefined || new RegExp(pattern, 'u').test(text));
