import { SchemaOfType, textOf, type JsonSchema } from './schema-of-type.js';
import { storedEventTypes } from './stored-event-types.js';

/** Name of a file below docs/events, and what stands in it. */
export type Page = readonly [file: string, text: string];

/** The schema of every version ever stored, and a page that lists them. */
export function eventSchemaPages(): readonly Page[] {
  const { checker, types } = storedEventTypes();
  const schemaOf = new SchemaOfType(checker);
  const schemas = types.map(({ storedAs, data }) => {
    const symbol = data.aliasSymbol ?? data.getSymbol();
    const description = symbol === undefined ? '' : textOf(symbol, checker);
    return { storedAs, description, schema: schemaOf.of(data) };
  });
  return [
    ...schemas.map(({ storedAs, description, schema }): Page => {
      const head: JsonSchema = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: storedAs,
        ...(description === '' ? {} : { description }),
      };
      return [`${storedAs}.schema.json`, `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`];
    }),
    ['README.md', listOf(schemas)],
  ];
}

const listOf = (
  schemas: readonly { readonly storedAs: string; readonly description: string }[],
): string => `# Stored events

The data of every event that is, or ever was, stored, as JSON Schema; written by \`npm run generate:event-schemas\`. Stored
names are for ever: an older version stays listed, and is read as the newest one. Metadata is the same for all: actor,
request id, correlation, causation, trace id, the hash of the stream's event before, and a checksum.

${schemas
  .map(
    ({ storedAs, description }) =>
      `- [\`${storedAs}\`](${storedAs}.schema.json)${description === '' ? '' : `: ${description}`}`,
  )
  .join('\n')}
`;
