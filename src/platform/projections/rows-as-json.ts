const asText = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** Rows as the one parameter of `jsonb_populate_recordset`, however many there are; bigints without loss. */
export const rowsAsJson = (rows: readonly object[]): string => JSON.stringify(rows, asText);
