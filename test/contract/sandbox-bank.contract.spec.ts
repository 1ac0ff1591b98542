import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import type { Flavour } from '../../src/stand-ins/sandbox-bank/bank-options.js';
import type { PaymentClaim } from '../../src/matching/payment-claim.js';
import { aBankClaim, CREDENTIAL, GatewayUnderTest } from '../support/gateway-under-test.js';
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

const FAULTS = {
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
  'masked-reference': 'found',
  'commission-twin-debit': 'found',
  'amount-as-string': 'found',
  'amount-with-comma': 'unavailable',
  'missing-fields': 'unavailable',
  'other-currency': 'found',
  'token-expired-mid-flight': 'found',
  'token-without-lifetime': 'found',
  'token-short-lived': 'found',
  'token-echoes-secret': 'unavailable',
  'token-client-refused': 'credentials_refused',
} as const;

// Less than a slow answer takes, and more than a busy machine may keep a quick one.
const PATIENT = {
  BANESCO_TIMEOUT_MS: '3000',
  BANESCO_CONNECT_TIMEOUT_MS: '2000',
  BANESCO_HEADERS_TIMEOUT_MS: '2000',
  BANESCO_BODY_TIMEOUT_MS: '1500',
};

describe.each<Flavour>(['qa', 'production'])('Banesco as the sandbox speaks it, %s', (flavour) => {
  let bank: SandboxBank;
  let client: SandboxClient;
  let gateway: GatewayUnderTest;
  afterEach(async () => {
    gateway.stop();
    await bank.stop();
  });

  const order = async (scenario: string, calls = 1) => {
    const reply = await client.admin('POST', 'faults', { scenario, calls });
    if (reply.status !== 200) throw new Error(reply.text);
  };
  const arrived = async () => (await client.state())['operations'];
  const isClosed = async () => (await gateway.closures.find(CREDENTIAL)) !== null;

  const open = async (): Promise<BankUnderTest> => {
    ({ bank, client } = await SandboxClient.start({ flavour, rules: { slowAnswerMs: 5000 } }));
    gateway = new GatewayUnderTest(bank, { variables: PATIENT });
    return {
      credit: async (claim, { direction = 'credit', amountAs = 'number' } = {}) => {
        const row = { ...rowOf(claim), direction, amount_as: amountAs };
        await client.admin('POST', 'movements', [row]);
      },
      order,
      lookUp: (claim) => gateway.lookUp(claim),
      list: (from, to) => gateway.list(from, to),
      arrived: async () => Number((await client.state())['calls']),
      isClosed,
    };
  };

  const transfer = { kind: 'transfer', payerPhone: null } as const;
  bankContract({
    bank: '0134',
    open,
    claims: {
      pagoMovil: aBankClaim(),
      sameBank: aBankClaim({ ...transfer, originBank: '0134' }),
      otherBank: aBankClaim({ ...transfer, originBank: '0105', reference: '000000473079' }),
    },
    codes: { found: '200', nothing: '70001' },
    callsBefore: 1,
    faults: FAULTS,
    tooLong: ['2026-05-01', '2026-07-11'],
  });

  describe('being refused', () => {
    beforeEach(open);

    it('renews the token once, and takes a permit for each call', async () => {
      await gateway.lookUp();
      await order('token-expired-mid-flight');
      const { answer, evidence } = await gateway.lookUp();
      expect(answer.outcome).toBe('not_visible_yet');
      expect(new Set(evidence.permitIds).size).toBe(3);
      expect(await arrived()).toEqual({ token: 2, pago_movil: 3 });
    });

    it.each(['token-refused', 'credentials-rejected'])(
      'closes at the second refusal in a row: %s',
      async (fault) => {
        await order(fault, 2);
        expect((await gateway.lookUp()).answer.outcome).toBe('credentials_refused');
        expect(await isClosed()).toBe(true);
        const before = await arrived();
        expect((await gateway.lookUp()).answer.outcome).toBe('credentials_refused');
        expect(await arrived()).toEqual(before);
      },
    );

    it('asks again once a person has reopened the way', async () => {
      await order('token-client-refused');
      await gateway.lookUp();
      await gateway.closures.reopen(CREDENTIAL, { by: 'a person', reason: 'new secret' });
      expect((await gateway.lookUp()).answer.outcome).toBe('not_visible_yet');
    });
  });
});
