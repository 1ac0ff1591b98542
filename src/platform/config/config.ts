import { readFileSync } from 'node:fs';
import { assert } from '../../kernel/assert.js';
import type { AnyConfigSection, Variable } from './variable.js';

/** What is wrong with one variable. Holds no value, so that it can be printed anywhere. */
export interface ConfigProblem {
  readonly name: string;
  readonly reason: string;
}

/** Some variables are missing or malformed; the message lists all of them by name and reason, never by value. */
export class ConfigurationInvalid extends Error {
  override name = 'ConfigurationInvalid';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      ['configuration is invalid:', ...problems.map((p) => `  ${p.name}: ${p.reason}`)].join('\n'),
    );
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything the process may know about where it runs: parsed once, then frozen. */
export class Configuration {
  constructor(private readonly sections: ReadonlyMap<AnyConfigSection, object>) {}

  /** A section by its class. @throws AssertionFailed when the section was not among those read */
  section<T extends object>(section: AnyConfigSection & { readonly prototype: T }): T {
    const values = this.sections.get(section);
    assert(values !== undefined, `the section ${section.name} was not read`);
    return values as T;
  }

  /** Sections and their instances, for the container. */
  entries(): readonly (readonly [AnyConfigSection, object])[] {
    return [...this.sections];
  }
}

/**
 * Reads all sections at once, so that one start names every mistake. An empty text counts as not given,
 * as compose files write it.
 * @throws ConfigurationInvalid
 */
export function readConfiguration(
  sections: readonly AnyConfigSection[],
  environment: Environment = process.env,
): Configuration {
  const problems: ConfigProblem[] = [];
  const read = new Map<AnyConfigSection, object>();
  for (const section of sections) {
    const values: Record<string, unknown> = {};
    for (const [key, variable] of Object.entries(section.variables)) {
      const answer = readVariable(variable, environment);
      if ('reason' in answer) problems.push({ name: variable.name, reason: answer.reason });
      else values[key] = answer.value;
    }
    // A section with a problem is never used: the whole reading throws below.
    if (problems.length === 0) read.set(section, new section(values as never));
  }
  if (problems.length > 0) throw new ConfigurationInvalid(problems);
  return new Configuration(read);
}

type Answer<T> = { readonly value: T } | { readonly reason: string };

function readVariable(variable: Variable<unknown>, environment: Environment): Answer<unknown> {
  const raw = rawText(variable, environment);
  if ('reason' in raw) return raw;
  const parsed = variable.schema.safeParse(raw.value);
  if (!parsed.success) {
    return { reason: parsed.error.issues.map((issue) => issue.message).join('; ') };
  }
  return { value: variable.wrap(parsed.data) };
}

function rawText(variable: Variable<unknown>, environment: Environment): Answer<string> {
  const given = presence(environment[variable.name]);
  const file = variable.secret ? presence(environment[`${variable.name}_FILE`]) : null;
  if (given !== null && file !== null) {
    return { reason: `is given both directly and as ${variable.name}_FILE` };
  }
  if (file !== null) return fromFile(variable.name, file);
  const value = given ?? variable.fallback;
  return value === null ? { reason: 'is required' } : { value };
}

const presence = (text: string | undefined): string | null =>
  text === undefined || text === '' ? null : text;

function fromFile(name: string, path: string): Answer<string> {
  try {
    // Editors and `echo` end a file with a line break that is no part of the secret.
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { reason: `the file of ${name}_FILE is empty` } : { value: text };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { reason: `the file of ${name}_FILE cannot be read (${code})` };
  }
}
