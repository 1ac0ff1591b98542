import { HeardVerdicts } from './heard-verdicts.js';

const verdict = (externalId: string, reason: string | null = null) => ({
  transactionId: externalId,
  type: reason === null ? 'transaction.verified' : 'transaction.needs_review',
  reason,
  externalId,
});

describe('printing the verdicts that came by webhook', () => {
  let said: string[];
  let verdicts: HeardVerdicts;

  beforeEach(() => {
    said = [];
    verdicts = new HeardVerdicts((line) => said.push(line));
  });

  it('says what came, for which order, and why', () => {
    verdicts.hear(verdict('PED-1', 'amount_differs'));

    expect(said).toEqual([
      'Webhook: transaction.needs_review (amount_differs), order PED-1; the signature is good.',
    ]);
  });

  it('shows the first of the samples only, and each once they are through', () => {
    for (const order of ['1', '2', '3', '4', '5']) verdicts.hear(verdict(order));
    expect(said).toHaveLength(4);
    expect(said.at(-1)).toBe('Webhook: and so on.');

    verdicts.showEach();
    verdicts.hear(verdict('6'));
    expect(said.at(-1)).toContain('order 6');
  });
});
