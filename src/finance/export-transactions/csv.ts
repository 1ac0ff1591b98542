// Comma-separated values as RFC 4180 has them, safe to be opened in a spreadsheet.

const QUOTED = /[",\r\n]/;
// What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection).
const FORMULA = /^[=+\-@\t\r]/;

/** A value that somebody typed: an apostrophe before it keeps a spreadsheet from calculating with it. */
export const textCell = (text: string | null): string =>
  text === null ? '' : quoted(FORMULA.test(text) ? `'${text}` : text);

/** A number that we wrote ourselves; a minus sign before it is one. */
export const numberCell = (value: bigint | number | null): string =>
  value === null ? '' : value.toString();

const quoted = (text: string): string =>
  QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** One line, with the line end that RFC 4180 asks for. */
export const csvLine = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
