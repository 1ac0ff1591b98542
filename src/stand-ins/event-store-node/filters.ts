import { invalidArgument } from './wire-errors.js';

/** Tells which events of `$all` a reader wants. */
export type EventFilter = (event: { readonly stream: string; readonly type: string }) => boolean;

/** What a reader asked for, as it came over the wire. */
export interface FilterExpression {
  readonly on: 'stream' | 'type';
  readonly regex: string;
  readonly prefixes: readonly string[];
}

/** The server's own bookkeeping, which no reader of `$all` ever sees. */
const HIDDEN = /^(?:\$epoch-information|\$persistentsubscription-\$all::.*-(?:checkpoint|parked))$/;

export const isHidden = (stream: string): boolean => stream.startsWith('$') && HIDDEN.test(stream);

/** @throws WireError when the expression is no regular expression */
export function makeFilter({ on, regex, prefixes }: FilterExpression): EventFilter {
  if (regex !== '') {
    const pattern = compile(regex);
    return (event) => pattern.test(event[on]);
  }
  return (event) => prefixes.some((prefix) => event[on].startsWith(prefix));
}

function compile(regex: string): RegExp {
  try {
    // Written for .NET, whose expressions are looser than JavaScript's Unicode mode allows.
    return new RegExp(regex);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalidArgument(`Invalid filter: ${error.message}`);
    throw error;
  }
}
