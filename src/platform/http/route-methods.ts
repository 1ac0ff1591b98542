import { Injectable } from '@nestjs/common';

/** Which methods each address answers, for telling a wrong method from a wrong address. */
@Injectable()
export class RouteMethods {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** A route as Fastify writes it: `/api/v1/transactions/:id`. */
  add(address: string, methods: string | readonly string[]): void {
    // A route for everything would allow every method everywhere.
    if (address.includes('*')) return;
    const pattern = address
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    this.routes.push({
      pattern: new RegExp(`^${pattern}/?$`),
      methods: typeof methods === 'string' ? [methods] : methods,
    });
  }

  /** The methods that a path answers; empty when nothing is there. */
  allowed(path: string): readonly string[] {
    const found = this.routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  }
}
