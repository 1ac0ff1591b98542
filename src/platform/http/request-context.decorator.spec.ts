import { commandContextOf } from './request-context.decorator.js';

describe('telling a command who asks', () => {
  it('names the caller and the request, which begins its own chain', () => {
    const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
    expect(commandContextOf({ id: 'r-1', headers, caller: { actor: 'api_key:k-1' } })).toEqual({
      actor: 'api_key:k-1',
      requestId: 'r-1',
      correlationId: 'r-1',
      causationId: 'r-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
  });

  it('calls an unknown caller anonymous', () => {
    expect(commandContextOf({ id: 'r-2', headers: {} })).toMatchObject({
      actor: 'anonymous',
      traceId: null,
    });
  });
});
