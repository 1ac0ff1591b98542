import type { LocalDate } from '../../kernel/local-date.js';
import { chains, readSampleClaims } from './sample-claims.js';

const HEADER =
  'external_id,kind,type,origin_bank,reference,amount_minor,currency,paid_days_ago,' +
  'payer_phone,payer_document,payer_name,concept,expected,note';
const CSV = [
  HEADER,
  'PED-1,pago_movil,payment,0102,00683473078,124050,VES,2,+584121234567,V12345678,Payer,Rent,verified,good',
  'PED-2,transfer,payment,0105,473078,124050,VES,0,,,,,needs_review:movement_already_bound,double claim: pair 01 second',
  'PED-3,transfer,payment,0105,111111,500,VES,0,,,,,verified,late: visible after 12 s',
  '',
].join('\n');

const claims = readSampleClaims(CSV, '2026-03-01' as LocalDate, 'account');

describe('reading the sample claims', () => {
  it('counts the day of the payment back from the day of the ledger', () => {
    expect(claims.map(({ body }) => body['paid_on'])).toEqual([
      '2026-02-27',
      '2026-03-01',
      '2026-03-01',
    ]);
  });

  it('makes the body of a submission', () => {
    expect(claims[0]).toEqual({
      group: 'good',
      expected: 'verified',
      body: {
        external_id: 'PED-1',
        kind: 'pago_movil',
        type: 'payment',
        receiving_account_id: 'account',
        origin_bank: '0102',
        reference: '00683473078',
        amount: 124_050,
        currency: 'VES',
        paid_on: '2026-02-27',
        payer: { phone: '+584121234567', document: 'V12345678', name: 'Payer' },
        concept: 'Rent',
      },
    });
  });

  it('leaves out what the line leaves empty', () => {
    expect(claims[1]?.body).toMatchObject({
      payer: { phone: null, document: null, name: null },
      concept: null,
    });
  });

  it('groups by the note up to its colon', () => {
    expect(claims.map(({ group }) => group)).toEqual(['good', 'double claim', 'late']);
  });

  it('keeps claims that may be about one movement in their order', () => {
    const tails = chains(claims).map((chain) => chain.map(({ body }) => body.reference));

    expect(tails).toEqual([['00683473078', '473078'], ['111111']]);
  });
});
