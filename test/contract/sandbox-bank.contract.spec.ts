import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import type { Flavour } from '../../src/stand-ins/sandbox-bank/bank-options.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';
import { aBankClaim, CREDENTIAL, GatewayUnderTest } from '../support/banesco-gateway.js';
import { SandboxClient } from '../support/sandbox-client.js';
import { bankContract, type BankUnderTest } from './bank.contract.js';

const rowOf = (claim: PaymentClaim): Record<string, unknown> => ({
  account: claim.receivingAccount,
  kind: claim.kind,
  amount_minor: Number(claim.amountMinor),
  reference: claim.reference,
  on: claim.paidOn,
  payer_phone: claim.payerPhone,
  payer_bank: claim.originBank,
});

describe.each<Flavour>(['qa', 'production'])('Banesco as the sandbox speaks it, %s', (flavour) => {
  let bank: SandboxBank;
  let gateway: GatewayUnderTest;
  afterEach(async () => {
    gateway.stop();
    await bank.stop();
  });

  const open = async (): Promise<BankUnderTest> => {
    const started = await SandboxClient.start({ flavour, rules: { slowAnswerMs: 5000 } });
    const { client } = started;
    bank = started.bank;
    gateway = new GatewayUnderTest(bank);
    return {
      credit: async (claim, changes = {}) => {
        await client.admin('POST', 'movements', [{ ...rowOf(claim), ...changes }]);
      },
      order: async (scenario, calls = 1, operation) => {
        const reply = await client.admin('POST', 'faults', { scenario, calls, operation });
        if (reply.status !== 200) throw new Error(reply.text);
      },
      lookUp: (claim) => gateway.lookUp(claim),
      list: (from, to) => gateway.list(from, to),
      arrived: async () => (await client.state())['operations'] as Record<string, number>,
      isClosed: async () => (await gateway.closures.find(CREDENTIAL)) !== null,
    };
  };

  const transfer = { kind: 'transfer', payerPhone: null } as const;
  bankContract({
    open,
    claims: {
      pagoMovil: aBankClaim(),
      sameBank: aBankClaim({ ...transfer, originBank: '0134' }),
      otherBank: aBankClaim({ ...transfer, originBank: '0105', reference: '000000473079' }),
    },
    faults: {
      'rate-limited': 'rate_limited',
      'rate-limited-until-date': 'rate_limited',
      'rate-limited-silent': 'rate_limited',
      maintenance: 'maintenance',
      'maintenance-crt503': 'maintenance',
      'dependency-failed': 'unavailable',
      unavailable: 'unavailable',
      'internal-error': 'unavailable',
      'gateway-timeout': 'unavailable',
      'no-content': 'unavailable',
      conflict: 'unavailable',
      unprocessable: 'unavailable',
      'unknown-code': 'unavailable',
      'foreign-success-code': 'unavailable',
      'not-found-on-400': 'not_visible_yet',
      'rows-on-500': 'found',
      'empty-list': 'not_visible_yet',
      'single-object': 'found',
      'reset-after-send': 'outcome_unknown',
      'half-answer': 'outcome_unknown',
      'slow-answer': 'outcome_unknown',
      trickle: 'outcome_unknown',
      html: 'unavailable',
      'malformed-json': 'unavailable',
      'wrong-content-type': 'found',
      'empty-body': 'unavailable',
      'huge-body': 'outcome_unknown',
      'zero-stripped': 'found',
      'short-tail': 'found',
      'reference-as-number': 'found',
      'masked-reference': 'unavailable',
      'commission-twin-debit': 'found',
      'amount-as-string': 'found',
      'amount-with-comma': 'unavailable',
      'missing-fields': 'unavailable',
      'other-currency': 'found',
      'token-expired-mid-flight': 'found',
      'token-without-lifetime': 'found',
      'token-short-lived': 'found',
      'token-echoes-secret': 'unavailable',
    },
  });
});
