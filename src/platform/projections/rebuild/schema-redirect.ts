import {
  OperationNodeTransformer,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RawNode,
  type RootOperationNode,
  type SchemableIdentifierNode,
  type UnknownRow,
} from 'kysely';
import { assert } from '../../../kernel/assert.js';
import type { DatabaseConnection } from '../../database/database.js';

/** The schema that everybody reads. */
export const LIVE_SCHEMA = 'read';

/** The same connection, where every table of schema `read` is the one of that name in another schema. */
export function inSchema(db: DatabaseConnection, schema: string): DatabaseConnection {
  if (schema === LIVE_SCHEMA) return db;
  return { kysely: db.kysely.withPlugin(new SchemaRedirect(schema)) };
}

/**
 * Sends the statements of a projection to another schema. A table must be named through Kysely, `sql.table` in
 * raw text too: a name inside the text would reach the live rows, so it is refused.
 */
class SchemaRedirect extends OperationNodeTransformer implements KyselyPlugin {
  constructor(private readonly schema: string) {
    super();
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.transformNode(node, queryId);
  }

  transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return Promise.resolve(result);
  }

  protected override transformSchemableIdentifier(
    node: SchemableIdentifierNode,
  ): SchemableIdentifierNode {
    if (node.schema?.name !== LIVE_SCHEMA) return node;
    return { ...node, schema: { kind: 'IdentifierNode', name: this.schema } };
  }

  protected override transformRaw(
    node: RawNode,
    queryId: PluginTransformQueryArgs['queryId'],
  ): RawNode {
    for (const text of node.sqlFragments) {
      assert(
        !/\bread\./.test(text),
        'a table of schema read is named in raw text, not by sql.table',
      );
    }
    return super.transformRaw(node, queryId);
  }
}
