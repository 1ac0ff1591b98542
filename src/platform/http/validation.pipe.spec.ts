import type { ArgumentMetadata } from '@nestjs/common';
import { z } from 'zod';
import { ProblemError } from './problem.js';
import { ValidationPipe } from './validation.pipe.js';

const schema = z.strictObject({
  amount: z.int().positive(),
  payer: z.strictObject({ phone: z.string().max(20).optional() }),
  'a/b~c': z.string().optional(),
  note: z.string().max(3).optional(),
});

const pipe = new ValidationPipe();

const refusal = async (value: unknown, metadata: ArgumentMetadata = { type: 'body', schema }) => {
  const error = await pipe.transform(value, metadata).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return (error as ProblemError).errors;
};

describe('checking what a route declares', () => {
  it('passes good input on as the schema made it', async () => {
    const trimmed = z.object({ name: z.string().trim() });
    expect(
      await pipe.transform({ name: ' a ', more: 1 }, { type: 'body', schema: trimmed }),
    ).toEqual({ name: 'a' });
  });

  it('leaves parameters without a schema alone', async () => {
    expect(await pipe.transform('x', { type: 'param', data: 'id' })).toBe('x');
  });

  it('names every wrong field at once, with its pointer', async () => {
    expect(await refusal({ payer: { phone: 7, colour: 'red' }, note: 'long', extra: 1 })).toEqual([
      { in: 'body', pointer: '/amount', reason: 'is required' },
      { in: 'body', pointer: '/payer/phone', reason: expect.stringContaining('expected string') },
      { in: 'body', pointer: '/payer/colour', reason: 'is not a known field' },
      { in: 'body', pointer: '/note', reason: expect.stringContaining('<=3') },
      { in: 'body', pointer: '/extra', reason: 'is not a known field' },
    ]);
  });

  it('never repeats the value that it refuses', async () => {
    const errors = await refusal({ amount: 'canary-4121234567', payer: 'canary-V12345678' });
    expect(JSON.stringify(errors)).not.toContain('canary');
  });

  it.each([
    ['nothing', undefined, 'is required'],
    ['null', null, expect.stringContaining('expected object')],
    ['a list', [], expect.stringContaining('expected object')],
  ])('answers %s instead of a body', async (_, value, reason) => {
    expect(await refusal(value)).toEqual([{ in: 'body', pointer: '', reason }]);
  });

  it('escapes names in pointers', async () => {
    const errors = await refusal({ amount: 1, payer: {}, 'a/b~c': 1 });
    expect(errors[0]?.pointer).toBe('/a~1b~0c');
  });

  it('names a single parameter of the path', async () => {
    const errors = await refusal('nope', { type: 'param', data: 'id', schema: z.uuid() });
    expect(errors).toEqual([{ in: 'path', pointer: '/id', reason: 'Invalid UUID' }]);
  });

  it('bounds the answer to a flood of unknown names', async () => {
    const flood = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`${'k'.repeat(1_000)}${at}`, 1]),
    );
    const errors = await refusal({ amount: 1, payer: {}, ...flood });
    expect(errors).toHaveLength(100);
    expect(JSON.stringify(errors).length).toBeLessThan(20_000);
  });

  it('takes names that every object inherits as missing', async () => {
    const odd = z.object({ constructor: z.string() });
    expect(await refusal({}, { type: 'query', schema: odd })).toEqual([
      { in: 'query', pointer: '/constructor', reason: 'is required' },
    ]);
  });
});
