import { HttpException, NotFoundException } from '@nestjs/common';
import { AssertionFailed } from '../../kernel/assert.js';
import { reject, RuleViolation } from '../../kernel/rejection.js';
import { EventStoreUnavailable, StreamConflict } from '../event-store/event-store.js';
import { classifyError } from './classify-error.js';
import { ProblemError } from './problem.js';

const coded = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('finding the problem that an error stands for', () => {
  it('answers a refusal with its own code and facts', () => {
    const violation = new RuleViolation(reject('duplicate_reference', { transactionId: 't-1' }));
    expect(classifyError(violation)).toEqual({
      code: 'duplicate_reference',
      facts: { transactionId: 't-1' },
    });
  });

  it('tells when a refusal ends, where it says so', () => {
    for (const fact of ['retryAfterSeconds', 'retry_after_seconds']) {
      const violation = new RuleViolation(reject('sign_in_held', { [fact]: 30 }));
      expect(classifyError(violation)).toMatchObject({ headers: { 'retry-after': '30' } });
    }
  });

  it('keeps the code, the fields and the headers of a problem thrown at the edge', () => {
    const errors = [{ in: 'body', pointer: '/amount', reason: 'is required' }] as const;
    const error = new ProblemError('invalid_input', { errors, headers: { 'x-a': '1' } });
    expect(classifyError(error)).toMatchObject({
      code: 'invalid_input',
      errors,
      headers: { 'x-a': '1' },
    });
  });

  it.each([
    [new StreamConflict('transaction-1'), 'concurrent_change'],
    [new EventStoreUnavailable('gone'), 'event_store_unavailable'],
    [coded('ECONNREFUSED'), 'database_unavailable'],
    [coded('57P01'), 'database_unavailable'],
  ])('tells when to try again after %s', (error, code) => {
    expect(classifyError(error)).toMatchObject({ code, headers: { 'retry-after': '1' } });
  });

  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'body_too_large'],
    ['FST_ERR_CTP_INVALID_JSON_BODY', 400, 'malformed_json'],
    ['FST_ERR_CTP_EMPTY_JSON_BODY', 400, 'malformed_json'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415, 'unsupported_media_type'],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400, 'malformed_request'],
  ])('knows %s of the framework', (cause, status, code) => {
    const error = new HttpException('x', status, { cause: coded(cause) });
    expect(classifyError(error)).toEqual({ code });
  });

  it.each([
    [new NotFoundException(), 'route_not_found'],
    [new HttpException('x', 418), 'malformed_request'],
    [new HttpException('x', 502), 'internal_error'],
    [new AssertionFailed('our bug'), 'internal_error'],
    [new TypeError('x is undefined'), 'internal_error'],
    [coded('23505'), 'internal_error'],
    ['a thrown text', 'internal_error'],
    [undefined, 'internal_error'],
  ])('falls back for %s', (error, code) => {
    expect(classifyError(error)).toEqual({ code });
  });
});
