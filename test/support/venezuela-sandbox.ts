import type { PaymentClaim } from '../../src/matching/payment-claim.js';
import type { SandboxBank } from '../../src/stand-ins/sandbox-bank/sandbox-bank.js';
import { aBankClaim } from './gateway-under-test.js';
import { SandboxClient } from './sandbox-client.js';

export const VENEZUELA_KEY = 'made-up-key-of-the-bank';
export const VENEZUELA_ACCOUNT = '01020001600000000017';
export const VENEZUELA_CREDENTIAL = 'bdv';
const RECEIVING_PHONE = '04125550100';

/** Both banks in one sandbox, each with the same limit; none unless a spec names one. */
export const startVenezuela = (
  options: Omit<NonNullable<Parameters<typeof SandboxClient.start>[0]>, 'limit'> & {
    readonly limit?: { readonly calls: number; readonly windowMs: number };
  } = {},
): Promise<{ bank: SandboxBank; client: SandboxClient }> =>
  SandboxClient.start({
    accounts: [],
    ...options,
    venezuela: {
      apiKey: VENEZUELA_KEY,
      receivingPhone: RECEIVING_PHONE,
      limit: options.limit ?? { calls: 0, windowMs: 60_000 },
    },
  });

/** How the service is told of it, with no limit of its own either. */
export const venezuelaVariables = (bank: SandboxBank): Record<string, string> => ({
  BDV_ENABLED: 'true',
  BDV_LOOK_UP_URL: bank.venezuelaUrls?.bdv_look_up_url ?? '',
  BDV_LISTING_URL: bank.venezuelaUrls?.bdv_statement_url ?? '',
  BDV_API_KEY: VENEZUELA_KEY,
  BDV_RECEIVING_PHONE: RECEIVING_PHONE,
  BDV_TIMEOUT_MS: '700',
  BDV_LIMIT_CALLS: '1000',
  BDV_LIMIT_PER_TRANSACTION_CALLS: '1000',
});

/** A made-up Pago Móvil from another bank to an account there. */
export const aVenezuelanClaim = (changes: Partial<PaymentClaim> = {}): PaymentClaim =>
  aBankClaim({
    originBank: '0134',
    reference: '00473078',
    receivingAccount: VENEZUELA_ACCOUNT,
    ...changes,
  });

export const venezuelanRow = (claim: PaymentClaim): Record<string, unknown> => ({
  account: claim.receivingAccount,
  kind: 'pago_movil',
  amount_minor: Number(claim.amountMinor),
  reference: claim.reference,
  on: claim.paidOn,
  payer_phone: claim.payerPhone,
  payer_bank: claim.originBank,
});
