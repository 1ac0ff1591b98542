import { DEPRECATION_EXTENSION, type Deprecation } from '../deprecation/deprecation.js';
import { addHeaders } from './described-headers.js';
import type { Operation } from './document-shape.js';

/** Says of a deprecated operation that it is, since when, and what its answers carry. */
export function describeDeprecation(operation: Operation): void {
  const deprecation = operation[DEPRECATION_EXTENSION] as Deprecation | undefined;
  if (deprecation === undefined) return;
  const { field, instead, since, sunset } = deprecation;
  operation.deprecated = field === undefined;
  const what = field === undefined ? 'Deprecated' : `The field ${field} is deprecated`;
  const end = sunset === undefined ? '' : ` It may be gone from ${sunset}.`;
  operation.description = `${what} since ${since}: use ${instead}.${end}`;
  for (const answer of Object.values(operation.responses)) {
    addHeaders(answer, 'Deprecation', 'Link', ...(sunset === undefined ? [] : ['Sunset' as const]));
  }
}
