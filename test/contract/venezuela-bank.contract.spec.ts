import type { AskResult } from '../../src/matching/bank-answer.js';
import type { Flavour } from '../../src/stand-ins/sandbox-bank/bank-options.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { GatewayUnderTest } from '../support/gateway-under-test.js';
import type { SandboxClient } from '../support/sandbox-client.js';
import {
  aVenezuelanClaim,
  startVenezuela,
  VENEZUELA_ACCOUNT as ACCOUNT,
  VENEZUELA_CREDENTIAL as CREDENTIAL,
  venezuelanRow,
  venezuelaVariables,
} from '../support/venezuela-sandbox.js';
import { bankContract, type BankUnderTest } from './bank.contract.js';

const CLAIM = aVenezuelanClaim();
const FAULTS = {
  'rate-limited': 'rate_limited',
  'rate-limited-silent': 'rate_limited',
  unavailable: 'unavailable',
  'internal-error': 'unavailable',
  'gateway-timeout': 'unavailable',
  'reset-after-send': 'outcome_unknown',
  'half-answer': 'outcome_unknown',
  'slow-answer': 'outcome_unknown',
  trickle: 'outcome_unknown',
  html: 'unavailable',
  'malformed-json': 'unavailable',
  'wrong-content-type': 'found',
  'empty-body': 'unavailable',
  'huge-body': 'outcome_unknown',
  'already-reconciled': 'already_reconciled',
  'key-refused': 'credentials_refused',
  'unknown-wording': 'unavailable',
  'unknown-code': 'unavailable',
  'success-without-amount': 'unavailable',
  'contradictory-amount': 'unavailable',
} as const;

describe.each<Flavour>(['qa', 'production'])(
  'Banco de Venezuela as the sandbox speaks it, %s',
  (flavour) => {
    let bank: SandboxBank;
    let client: SandboxClient;
    let gateway: GatewayUnderTest;
    afterEach(async () => {
      gateway.stop();
      await bank.stop();
    });

    const order = async (scenario: string, operation = 'bdv_look_up') => {
      const reply = await client.admin('POST', 'faults', { scenario, operation });
      if (reply.status !== 200) throw new Error(reply.text);
    };
    const lookUp = (claim = CLAIM): Promise<AskResult> =>
      gateway.lookUp(claim, { credentialId: CREDENTIAL });
    const list = (from: string, to: string): Promise<AskResult> =>
      gateway.list(from, to, { account: ACCOUNT, credentialId: CREDENTIAL });

    const open = async (): Promise<BankUnderTest> => {
      ({ bank, client } = await startVenezuela({ flavour, rules: { slowAnswerMs: 5000 } }));
      gateway = new GatewayUnderTest(bank, { variables: venezuelaVariables(bank) });
      return {
        credit: async (claim, { direction = 'credit' } = {}) => {
          await client.admin('POST', 'movements', [{ ...venezuelanRow(claim), direction }]);
        },
        order,
        lookUp,
        list,
        arrived: async () => Number((await client.state())['calls']),
        isClosed: async () => (await gateway.closures.find(CREDENTIAL)) !== null,
      };
    };

    bankContract({
      bank: '0102',
      open,
      claims: { pagoMovil: CLAIM },
      codes: { found: '1000', nothing: '1010' },
      callsBefore: 0,
      faults: FAULTS,
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

      it('is told so too where the first answer never came', async () => {
        await under.credit(CLAIM);
        await order('reset-after-send');
        expect((await lookUp()).answer.outcome).toBe('outcome_unknown');
        expect((await lookUp()).answer.outcome).toBe('already_reconciled');
      });

      it('reports the amount of a payment that was claimed with another, and marks nothing', async () => {
        await under.credit({ ...CLAIM, amountMinor: 124_049n });
        for (let ask = 1; ask <= 2; ask += 1) {
          expect((await lookUp()).answer).toMatchObject({
            outcome: 'found',
            movements: [{ amountMinor: 124_049n }],
          });
        }
      });

      it('pages through a long statement, with a permit for each page', async () => {
        for (let at = 0; at < 250; at += 1) {
          await under.credit({ ...CLAIM, reference: `7${String(at).padStart(7, '0')}` });
        }
        const { answer, evidence } = await list('2026-07-10', '2026-07-10');
        const references =
          answer.outcome === 'found' ? answer.movements.map((row) => row.reference) : [];
        expect(new Set(references).size).toBe(250);
        expect((await client.state())['operations']).toEqual({ bdv_statement: 3 });
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
  },
);
