import { isOutsideFailure, isSchemaFailure } from './outside-failure.js';

const coded = (code: string) => Object.assign(new Error('from the server'), { code });

describe('telling outside failures from failures of the rows in hand', () => {
  it.each([
    ['a refused connection', coded('ECONNREFUSED')],
    ['a server that shuts down', coded('57P01')],
    ['a full disk', coded('53100')],
    ['too many connections', coded('53300')],
    ['a standby that takes no writes', coded('25006')],
    ['a deadlock', coded('40P01')],
    ['a cut connection', new Error('Connection terminated unexpectedly')],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
    ['no address that answers', new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')])],
  ])('blames the database for %s', (_, error) => {
    expect(isOutsideFailure(error)).toBe(true);
  });

  it.each([
    ['a value that is too large', coded('22003')],
    ['a broken constraint', coded('23514')],
    ['a duplicate key', coded('23505')],
    ['a mistake in our code', new TypeError('undefined is not a function')],
    ['what is no error', 'Connection terminated'],
  ])('blames the rows for %s', (_, error) => {
    expect(isOutsideFailure(error)).toBe(false);
  });
});

describe('telling failures of the schema from failures of the rows in hand', () => {
  it.each([
    ['a table that is not there yet', '42P01', true],
    ['a column of a later version', '42703', true],
    ['a schema that was dropped', '3F000', true],
    ['a broken constraint', '23514', false],
    ['a full disk', '53100', false],
  ])('knows %s', (_, code, expected) => {
    expect(isSchemaFailure(coded(code))).toBe(expected);
  });
});
