/** A view of SQLite's bytes with Buffer's methods. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** `setReturnArrays` makes rows arrays, which the type declarations do not know. */
export function* rowsOf(rows: Iterable<unknown>): Generator<readonly unknown[]> {
  for (const row of rows) if (Array.isArray(row)) yield row;
}

/** Rows of nothing but numbers. */
export const numberRows = (rows: Iterable<unknown>): number[][] =>
  Array.from(rowsOf(rows), (row) => row.map(Number));

export const blobAt = (row: readonly unknown[], index: number): Buffer => {
  const value = row[index];
  return value instanceof Uint8Array ? asBuffer(value) : Buffer.alloc(0);
};
