import { GatewayUnderTest } from '../test/support/banesco-gateway.js';
import { GatewaySubmissionPolicy } from './gateway-submission-policy.js';

describe('asking the gateway what a bank needs of a new claim', () => {
  const nowhere = 'http://127.0.0.1:9';
  const bank = new GatewayUnderTest({
    url: nowhere,
    tokenUrl: `${nowhere}/token`,
    transactionsUrl: `${nowhere}/transactions`,
  });
  const policy = new GatewaySubmissionPolicy(bank.gateway, 86_400_000);

  afterAll(() => bank.stop());

  it("needs the payer's phone for a Pago Móvil only", () => {
    expect(policy.terms('0134', 'pago_movil')).toEqual({
      leastReferenceDigits: 6,
      payerFields: ['phone'],
      visibleWithinMs: 86_400_000,
    });
    expect(policy.terms('0134', 'transfer')?.payerFields).toEqual([]);
    expect(policy.terms('0134', 'card_deposit')?.payerFields).toEqual([]);
  });

  it('has no terms of a bank that is not served', () => {
    expect(policy.terms('0102', 'transfer')).toBeNull();
  });
});
