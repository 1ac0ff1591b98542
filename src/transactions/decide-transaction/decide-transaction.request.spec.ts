import {
  correctionExamples,
  correctTransactionBody,
} from '../correct-transaction/correct-transaction.request.js';
import {
  reasonedBody,
  reasonExample,
  reviewExamples,
  reviewTransactionBody,
} from './decide-transaction.request.js';

describe('documenting what changes a transaction', () => {
  it('shows examples that the schemas take', () => {
    const taken = [
      ...Object.values(reviewExamples).map((body) => reviewTransactionBody.safeParse(body)),
      ...Object.values(reasonExample).map((body) => reasonedBody.safeParse(body)),
      ...Object.values(correctionExamples).map((body) => correctTransactionBody.safeParse(body)),
    ];

    expect(taken.map(({ error }) => error)).toEqual(taken.map(() => undefined));
  });
});
