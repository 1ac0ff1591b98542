import type { z } from 'zod';
import { Secret } from './secret.js';

/** One environment variable: what it may hold and what it is for. */
export interface Variable<T> {
  readonly name: string;
  readonly schema: z.ZodType<unknown, string>;
  /** As it would be written in the environment; null when it must be given. */
  readonly fallback: string | null;
  /** One line for the README. */
  readonly doc: string;
  readonly secret: boolean;
  /** From what the schema made to what the code gets. */
  readonly wrap: (parsed: unknown) => T;
}

interface Described {
  readonly doc: string;
}

/** A variable that may be shown; without `fallback` it must be given. */
export const variable = <T>(
  name: string,
  schema: z.ZodType<T, string>,
  { doc, fallback }: Described & { readonly fallback?: string },
): Variable<T> => ({
  name,
  schema,
  fallback: fallback ?? null,
  doc,
  secret: false,
  wrap: (parsed) => parsed as T,
});

/** A variable that is never shown, may come from a file named by `<NAME>_FILE`, and has no default. */
export const secretVariable = <T>(
  name: string,
  schema: z.ZodType<T, string>,
  { doc }: Described,
): Variable<Secret<T>> => ({
  name,
  schema,
  fallback: null,
  doc,
  secret: true,
  wrap: (parsed) => new Secret(parsed as T),
});

/** A secret of something that may be left out as a whole; empty where it is. */
export const optionalSecretVariable = (
  name: string,
  schema: z.ZodType<string, string>,
  { doc }: Described,
): Variable<Secret> => ({ ...secretVariable(name, schema, { doc }), fallback: '' });

/** Variables that belong together, by the name the code reads them under. */
export type Variables = Readonly<Record<string, Variable<unknown>>>;

export type SectionValues<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends Variable<infer T> ? T : never;
};

/** A class that is injection token and typed values in one. */
export interface ConfigSection<V extends Variables = Variables> {
  readonly variables: V;
  new (values: SectionValues<V>): SectionValues<V>;
}

/** A section of any variables, where only its listing and its making matter. */
export interface AnyConfigSection {
  readonly name: string;
  readonly variables: Variables;
  new (values: never): object;
}

/**
 * Makes the parent class of a section: `class DatabaseConfig extends configSection({ url: … }) {}`.
 * The values are frozen properties of the instance.
 */
export function configSection<const V extends Variables>(variables: V): ConfigSection<V> {
  class Section {
    static readonly variables = variables;

    constructor(values: SectionValues<V>) {
      Object.assign(this, values);
      Object.freeze(this);
    }
  }
  return Section as unknown as ConfigSection<V>;
}
