import type { AskResult } from '../../src/matching/bank-answer.js';
import { formatMinor } from '../../src/kernel/money.js';
import { aBankClaim, GatewayUnderTest } from '../support/gateway-under-test.js';
import { VENEZUELA_KEY, VenezuelaBank } from '../support/venezuela-bank.js';
import { bankContract, type BankUnderTest } from './bank.contract.js';

const CREDENTIAL = 'bdv';
const ACCOUNT = '01020001600000000017';

const notDone = (message: string) => JSON.stringify({ code: 1010, message, data: null });
const ANSWERS: Readonly<Record<string, string>> = {
  'a wrong key': notDone('Cliente no afiliado al producto'),
  'a payment that was reconciled before': notDone('El movimiento ya fue conciliado anteriormente.'),
  'a wording that nobody explained': notDone('Intente más tarde'),
  'a code that nobody explained': JSON.stringify({ code: 2000, message: '', data: {} }),
  'success without an amount': JSON.stringify({ code: 1000, message: '', data: {} }),
  'a page': '<html></html>',
  nothing: '',
};

describe('Banco de Venezuela as its manuals describe it', () => {
  let bank: VenezuelaBank;
  let gateway: GatewayUnderTest;
  afterEach(async () => {
    gateway.stop();
    await bank.stop();
  });

  const open = async (): Promise<BankUnderTest> => {
    bank = await VenezuelaBank.start();
    // The registry always holds Banesco too; nothing here speaks to it.
    const nobody = { url: bank.url, tokenUrl: bank.url, transactionsUrl: `${bank.url}/none` };
    gateway = new GatewayUnderTest(nobody, {
      variables: {
        BDV_ENABLED: 'true',
        BDV_LOOK_UP_URL: `${bank.url}/getMovement`,
        BDV_LISTING_URL: `${bank.url}/movimientos`,
        BDV_API_KEY: VENEZUELA_KEY,
        BDV_RECEIVING_PHONE: '04125550100',
        BDV_LIMIT_CALLS: '1000',
        BDV_LIMIT_PER_TRANSACTION_CALLS: '1000',
      },
    });
    return {
      credit: (claim, { direction = 'credit' } = {}) => {
        bank.book({
          account: claim.receivingAccount,
          reference: claim.reference,
          on: claim.paidOn,
          amount: formatMinor(claim.amountMinor, claim.currency),
          mov: direction === 'credit' ? 'CREDITO' : 'DEBITO',
          payerPhone: `0${claim.payerPhone?.slice(3)}`,
        });
        return Promise.resolve();
      },
      order: (fault) => Promise.resolve(bank.answerNext(ANSWERS[fault] ?? '')),
      lookUp,
      list,
      arrived: () => Promise.resolve(Object.values(bank.arrived).reduce((sum, n) => sum + n, 0)),
      isClosed: async () => (await gateway.closures.find(CREDENTIAL)) !== null,
    };
  };
  const lookUp = (claim = CLAIM): Promise<AskResult> =>
    gateway.lookUp(claim, { credentialId: CREDENTIAL });
  const list = (from: string, to: string): Promise<AskResult> =>
    gateway.list(from, to, { account: ACCOUNT, credentialId: CREDENTIAL });

  const CLAIM = aBankClaim({
    originBank: '0134',
    reference: '00473078',
    receivingAccount: ACCOUNT,
  });
  bankContract({
    bank: '0102',
    open,
    claims: { pagoMovil: CLAIM },
    codes: { found: '1000', nothing: '1010' },
    callsBefore: 0,
    faults: {
      'a wrong key': 'credentials_refused',
      'a payment that was reconciled before': 'already_reconciled',
      'a wording that nobody explained': 'unavailable',
      'a code that nobody explained': 'unavailable',
      'success without an amount': 'unavailable',
      'a page': 'unavailable',
      nothing: 'unavailable',
    },
    tooLong: ['2026-07-10', '2026-07-11'],
  });

  describe('looking at what is its own', () => {
    let under: BankUnderTest;
    beforeEach(async () => (under = await open()));

    it('is told that a payment looked up twice is reconciled already', async () => {
      await under.credit(CLAIM);
      expect((await lookUp()).answer.outcome).toBe('found');
      expect((await lookUp()).answer.outcome).toBe('already_reconciled');
    });

    it('reports the amount of a payment that was claimed with another', async () => {
      await under.credit({ ...CLAIM, amountMinor: 124_049n });
      expect((await lookUp()).answer).toMatchObject({
        outcome: 'found',
        movements: [{ amountMinor: 124_049n }],
      });
    });

    it('pages through a long statement, with a permit for each page', async () => {
      for (let at = 0; at < 250; at += 1) {
        await under.credit({ ...CLAIM, reference: `7${String(at).padStart(7, '0')}` });
      }
      const { answer, evidence } = await list('2026-07-10', '2026-07-10');
      const references =
        answer.outcome === 'found' ? answer.movements.map((row) => row.reference) : [];
      expect(new Set(references).size).toBe(250);
      expect(bank.arrived).toEqual({ statement: 3 });
      expect(new Set(evidence.permitIds).size).toBe(3);
    });

    it('serves both banks side by side, each under its own credential', () => {
      const banks = gateway.gateway.credentials().map(({ bank: code }) => code);
      expect(banks).toEqual(['0134', '0102']);
      expect(gateway.gateway.serves('0102')).toBe(true);
      expect(gateway.gateway.serves('0105')).toBe(false);
    });

    it('counts its calls beside those of Banesco', async () => {
      await lookUp();
      const metrics = await gateway.metrics.registry.metrics();
      expect(metrics).toContain(
        'payments_bank_calls_total{bank="0102",endpoint="look_up",status="200"} 1',
      );
      expect(metrics).not.toContain('banesco_api_calls_total{');
    });
  });
});
