import { PLATFORM_PROBLEMS } from './problem-codes.js';
import { problemDocument, type Occurrence } from './problem.js';

const occurrence: Occurrence = {
  code: 'not_found',
  entry: PLATFORM_PROBLEMS.not_found,
  publicUrl: 'https://api.example',
  requestId: 'r-1',
  url: '/api/v1/transactions/7?payer_phone=%2B584121234567',
};

describe('writing a problem', () => {
  it('holds the members of RFC 9457 and ours', () => {
    expect(problemDocument(occurrence)).toEqual({
      type: 'https://api.example/problems/not_found',
      title: 'There is no such resource',
      status: 404,
      detail: expect.stringContaining('belongs to somebody else'),
      instance: '/api/v1/transactions/7',
      code: 'not_found',
      request_id: 'r-1',
      retryable: false,
    });
  });

  it('leaves the query out of the instance, since it may hold personal data', () => {
    expect(JSON.stringify(problemDocument(occurrence))).not.toContain('58412');
  });

  it('bounds the instance', () => {
    const { instance } = problemDocument({ ...occurrence, url: `/${'x'.repeat(10_000)}` });
    expect(instance).toHaveLength(256);
  });

  it('shows the facts of the occurrence in the spelling of the API', () => {
    const document = problemDocument({ ...occurrence, facts: { transactionId: 't-1', tries: 3 } });
    expect(document).toMatchObject({ transaction_id: 't-1', tries: 3 });
  });

  it('lets no fact overwrite a standard member', () => {
    const document = problemDocument({ ...occurrence, facts: { status: 200, code: 'fine' } });
    expect(document).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('names the field that a rule speaks of, with the detail as the reason', () => {
    const document = problemDocument({
      ...occurrence,
      entry: {
        status: 422,
        title: 'Paid in the future',
        detail: ({ today }) => `today is ${today}`,
        pointer: '/paid_on',
      },
      facts: { today: '2026-11-20' },
    });
    expect(document.errors).toEqual([
      { in: 'body', pointer: '/paid_on', reason: 'today is 2026-11-20' },
    ]);
  });
});
