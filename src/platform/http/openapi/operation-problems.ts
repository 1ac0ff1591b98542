import type { PlatformProblemCode } from '../problem-codes.js';
import { isOpen, type Method, type Operation } from './document-shape.js';
import { keyUseOf } from './idempotency-key-parameter.js';
import { REFUSES_PREFIX } from './refuses.decorator.js';

type Codes = readonly PlatformProblemCode[];

const ALWAYS: Codes = [
  'malformed_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
];
const CALLED: Codes = [
  'not_authenticated',
  'not_permitted',
  'password_change_required',
  'totp_setup_required',
  'quota_exceeded',
  'database_unavailable',
  'not_served_here',
];
const WITH_BODY: Codes = ['malformed_json', 'body_too_large', 'unsupported_media_type'];

/** The problems that follow from what an operation takes, and those that its route declares; in order, each once. */
export function problemCodesOf(method: Method, operation: Operation): readonly string[] {
  const parameters = operation.parameters ?? [];
  const takes = (place: string, name?: string): boolean =>
    parameters.some((one) => one.in === place && (name === undefined || one.name === name));
  const codes: readonly string[] = [
    ...ALWAYS,
    ...(isOpen(operation) ? [] : CALLED),
    ...(method === 'get' ? [] : WITH_BODY),
    ...(takes('path')
      ? (['malformed_url', 'uri_too_long', 'route_not_found'] satisfies Codes)
      : []),
    ...(parameters.length > 0 || operation.requestBody !== undefined
      ? (['invalid_input'] satisfies Codes)
      : []),
    ...keyProblems(operation),
    ...(takes('header', 'If-Match') ? (['version_required'] satisfies Codes) : []),
    ...(takes('header', 'Position-Token') ? (['read_model_behind'] satisfies Codes) : []),
    ...declared(operation),
  ];
  return [...new Set(codes)].sort();
}

function keyProblems(operation: Operation): Codes {
  const use = keyUseOf(operation);
  if (use === null || use === 'none') return [];
  const common: Codes = ['idempotency_key_reused', 'idempotent_request_running'];
  return use === 'required' ? ['idempotency_key_required', ...common] : common;
}

const declared = (operation: Operation): readonly string[] =>
  Object.keys(operation)
    .filter((name) => name.startsWith(REFUSES_PREFIX))
    .map((name) => name.slice(REFUSES_PREFIX.length));
