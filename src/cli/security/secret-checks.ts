import type { Configuration } from '../../platform/config/config.js';
import { Secret } from '../../platform/config/secret.js';
import type { Finding } from './finding.js';
import { GIVEN_BY_OTHERS } from './generated-secrets.js';
import { readStoreAddress } from '../../platform/config/store-address.js';
import { tellingWord, weaknessOfKey, weaknessOfPassword } from './weak-secrets.js';

/** A secret as it was configured, with the password taken out of an address. */
export interface ConfiguredSecret {
  readonly name: string;
  readonly value: string | Buffer;
  readonly kind: 'key' | 'password' | 'given by others';
}

const STORE_ADDRESS = /^(postgres(ql)?|esdb|kurrentdb|rediss?)(\+discover)?:\/\//;

const make = (name: string): string => `make another with \`secrets generate --only ${name}\``;

function configured(name: string, value: unknown): ConfiguredSecret | null {
  if (Buffer.isBuffer(value)) return { name, value, kind: 'key' };
  if (typeof value !== 'string' || value === '') return null;
  if (STORE_ADDRESS.test(value)) {
    return { name, value: readStoreAddress(value).password ?? '', kind: 'password' };
  }
  const others = GIVEN_BY_OTHERS[name] !== undefined;
  return { name, value, kind: others ? 'given by others' : 'password' };
}

/** Every secret of the configuration that is given, without those that only pass through it empty. */
export const configuredSecrets = (configuration: Configuration): readonly ConfiguredSecret[] =>
  configuration.entries().flatMap(([section, values]) =>
    Object.entries(section.variables).flatMap(([key, variable]) => {
      const value = (values as Readonly<Record<string, unknown>>)[key];
      const secret = value instanceof Secret ? configured(variable.name, value.reveal()) : null;
      return secret ?? [];
    }),
  );

function weakness({ value, kind }: ConfiguredSecret): string | null {
  if (typeof value !== 'string') return weaknessOfKey(value);
  if (kind === 'given by others') return tellingWord(value);
  return value === '' ? 'names no password' : weaknessOfPassword(value);
}

/** Secrets that are weak, printed in documents, or one and the same under two names. */
export function findWeakSecrets(secrets: readonly ConfiguredSecret[]): readonly Finding[] {
  const weak = secrets.flatMap((secret): Finding[] => {
    const problem = weakness(secret);
    const mend =
      secret.kind === 'given by others' ? 'ask its issuer for another' : make(secret.name);
    return problem === null ? [] : [{ setting: secret.name, problem, mend }];
  });
  return [...weak, ...findShared(secrets)];
}

function findShared(secrets: readonly ConfiguredSecret[]): readonly Finding[] {
  const firstByValue = new Map<string, string>();
  return secrets.flatMap(({ name, value }): Finding[] => {
    const text = value.toString('base64');
    const first = firstByValue.get(text);
    if (first === undefined) firstByValue.set(text, name);
    return first === undefined || text === ''
      ? []
      : [{ setting: name, problem: `is the same secret as ${first}`, mend: make(name) }];
  });
}
