import type { ApiBodyOptions } from '@nestjs/swagger';
import { z } from 'zod';

/** A body for the API's documentation: the schema that checks it, and what one looks like. */
export function bodyDocument(
  schema: z.ZodType,
  examples: Readonly<Record<string, object>>,
): ApiBodyOptions {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    schema: json as Extract<ApiBodyOptions, { schema: unknown }>['schema'],
    examples: Object.fromEntries(
      Object.entries(examples).map(([summary, value]) => [summary, { value }]),
    ),
  };
}
