import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { ProblemError, type FieldError } from './problem.js';

// More would tell the caller nothing new and make the answer larger than the request.
const MAX_ERRORS = 100;
const MAX_NAME_LENGTH = 100;

const PARTS = { body: 'body', query: 'query', param: 'path', custom: 'header' } as const;

interface Issue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
  /** zod's list of unknown names; its path is that of the object around them. */
  readonly keys?: readonly string[];
}

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): PropertyKey =>
  typeof segment === 'object' ? segment.key : segment;

// RFC 6901: ~ and / are escaped inside a name.
const pointerOf = (path: readonly PropertyKey[]): string =>
  path
    .map((name) =>
      String(name).slice(0, MAX_NAME_LENGTH).replaceAll('~', '~0').replaceAll('/', '~1'),
    )
    .map((name) => `/${name}`)
    .join('');

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? Reflect.get(inner, name)
        : undefined,
    value,
  );

/** Says what is wrong with each field, in the words an integrator needs. */
export function fieldErrors(
  part: FieldError['in'],
  value: unknown,
  issues: readonly Issue[],
): readonly FieldError[] {
  return issues
    .flatMap((issue): FieldError[] => {
      const path = (issue.path ?? []).map(keyOf);
      if (issue.keys !== undefined) {
        return issue.keys.map((name) => ({
          in: part,
          pointer: pointerOf([...path, name]),
          reason: 'is not a known field',
        }));
      }
      const missing = valueAt(value, path) === undefined;
      return [
        { in: part, pointer: pointerOf(path), reason: missing ? 'is required' : issue.message },
      ];
    })
    .slice(0, MAX_ERRORS);
}

/** Checks what a route declares with `{ schema }`; an answer names every wrong field at once. */
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema } = metadata;
    if (schema === undefined || schema === null || !this.toValidate(metadata)) return value;
    // A single parameter is checked on its own, so its name has to be put in front.
    const name = metadata.data;
    const result = await this.validate<T>(value, schema);
    if (result.issues === undefined) return result.value;
    const part = PARTS[metadata.type];
    const errors =
      name === undefined
        ? fieldErrors(part, value, result.issues)
        : fieldErrors(
            part,
            { [name]: value },
            result.issues.map((issue) => ({ ...issue, path: [name, ...(issue.path ?? [])] })),
          );
    throw new ProblemError('invalid_input', { errors });
  }
}
