import { RouteMethods } from './route-methods.js';

describe('telling which methods an address answers', () => {
  const routes = new RouteMethods();
  routes.add('/api/v1/transactions', 'POST');
  routes.add('/api/v1/transactions', ['GET', 'HEAD']);
  routes.add('/api/v1/transactions/:id/cancel', 'POST');
  routes.add('/.well-known/jwks.json', 'GET');
  routes.add('*', 'OPTIONS');

  it.each([
    ['/api/v1/transactions', ['GET', 'HEAD', 'POST']],
    ['/api/v1/transactions/', ['GET', 'HEAD', 'POST']],
    ['/api/v1/transactions/x/cancel', ['POST']],
    ['/api/v1/transactions//cancel', []],
    ['/api/v1/transactions/x/y/cancel', []],
    ['/.well-known/jwksxjson', []],
    ['/nowhere', []],
  ])('of %s: %j', (path, methods) => {
    expect(routes.allowed(path)).toEqual(methods);
  });
});
