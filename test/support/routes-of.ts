import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

// Some live at the root, most behind the prefix, a few at both.
const PREFIXES = ['', 'api/v1'];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const joined = (...parts: string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;

/** What the handlers of a controller declare, whether or not it is served. */
function declaredBy(controller: object & { readonly prototype: object }): readonly string[] {
  const base = textOf(Reflect.getMetadata('path', controller));
  const prototype = controller.prototype as Readonly<Record<string, object>>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name] ?? {};
    if (!Reflect.hasMetadata('path', handler)) return [];
    const method = RequestMethod[Number(Reflect.getMetadata('method', handler))] ?? '';
    const paths = [Reflect.getMetadata('path', handler) as unknown].flat();
    return PREFIXES.flatMap((prefix) =>
      paths.map((path) => `${method} ${joined(prefix, base, textOf(path))}`),
    );
  });
}

/** Every route that a controller declares and the service answers, as `METHOD /address`, in order. */
export function routesOf(app: NestFastifyApplication): readonly string[] {
  const fastify = app.getHttpAdapter().getInstance();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? [metatype as { readonly prototype: object } & object] : [],
    ),
  );
  const served = controllers.flatMap(declaredBy).filter((route) => {
    const [method = '', url = ''] = route.split(' ');
    return fastify.hasRoute({ method, url });
  });
  return [...new Set(served)].sort();
}
