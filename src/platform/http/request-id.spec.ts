import { RandomSource } from '../../kernel/ids.js';
import { requestIdOf } from './request-id.js';

class FixedRandom extends RandomSource {
  uuid(): string {
    return 'fresh';
  }

  bytes(count: number): Buffer {
    return Buffer.alloc(count);
  }
}

const idFor = (given: string | undefined) =>
  requestIdOf(new FixedRandom())({ headers: { 'x-request-id': given } });

describe('naming a request', () => {
  it.each([
    '7',
    'order-42',
    '0b0c7f3e-7f0a-4f53-8a8b-6c7a3d1e9f10',
    'a.b:c+d=@e_f',
    'x'.repeat(80),
  ])('keeps the id %s of the caller', (given) => expect(idFor(given)).toBe(given));

  it.each([undefined, '', ' ', '-x', 'a b', 'a\nb', 'a"b', '<a>', 'ñ', 'x'.repeat(81), 'a,b'])(
    'makes a fresh one instead of %j',
    (given) => expect(idFor(given)).toBe('fresh'),
  );
});
