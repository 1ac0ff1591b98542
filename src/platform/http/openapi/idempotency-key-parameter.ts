import { KEY_USE_EXTENSION, type KeyUse } from '../idempotency/key-use.decorator.js';
import type { Method, Operation } from './document-shape.js';

/** What an operation makes of an Idempotency-Key; null: it changes nothing, or is no POST. */
export const keyUseOf = (operation: Operation): KeyUse | null =>
  (operation[KEY_USE_EXTENSION] as KeyUse | undefined) ?? null;

/** Says what a changing POST makes of an Idempotency-Key, as the interceptor sees it. */
export function describeKey(method: Method, operation: Operation): void {
  if (method !== 'post') return;
  const use = keyUseOf(operation) ?? 'required';
  operation[KEY_USE_EXTENSION] = use;
  if (use === 'none') return;
  operation.parameters = [
    ...(operation.parameters ?? []),
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: use === 'required',
      description:
        'A fresh value for each request, and the same one on its repeat: 1 to 255 visible characters, bare or in quotes.',
      schema: { type: 'string', minLength: 1, maxLength: 257 },
    },
  ];
}
