import { randomUUID } from 'node:crypto';
import type { TestApp } from './app.js';
import { injected, type InjectedAnswer } from './injected.js';

export interface Answered<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
}

export interface Asked {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** One that is undefined is left out, also where it would be added. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Calls the API of an app without a socket; changing calls carry a fresh idempotency key unless they bring their own. */
export const apiCaller =
  ({ app }: Pick<TestApp, 'app'>) =>
  async <Body = Record<string, unknown>>(
    method: Method,
    path: string,
    { key, body, headers = {} }: Asked = {},
  ): Promise<Answered<Body>> => {
    const response = await injected(app, {
      method,
      url: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: given({
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      }),
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return {
      status: response.statusCode,
      headers: response.headers,
      body: bodyOf(response) as Body,
    };
  };

const bodyOf = ({ headers, body }: InjectedAnswer): unknown => {
  const isJson = String(headers['content-type']).includes('json');
  if (body === '') return {};
  return isJson ? JSON.parse(body) : { text: body };
};

const given = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
