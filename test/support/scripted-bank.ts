import {
  BankGateway,
  type BankCapabilities,
  type BankCredential,
  type Listing,
  type LookUp,
  type Readiness,
} from '../../src/bank-gateway/bank-gateway.port.js';
import type { Permit } from '../../src/bank-gateway/permits/permit-log.port.js';
import type { AskResult, BankAnswer } from '../../src/matching/bank-answer.js';

/** What a bank answers to an ask; a test says it in terms of the claim. */
export type Script = (ask: LookUp) => BankAnswer | Promise<BankAnswer>;

/** A bank behind the port, in memory, that answers what the test wrote. */
export class ScriptedBank extends BankGateway {
  readonly asks: LookUp[] = [];
  readonly listings: Listing[] = [];
  /** Not granted, unless a test grants it. */
  listing: { maxDays: number } | null = null;
  lookUpHasSideEffects = false;
  listScript: (ask: Listing) => BankAnswer | Promise<BankAnswer> = () => ({
    outcome: 'not_visible_yet',
  });
  script: Script = () => ({ outcome: 'not_visible_yet' });
  readiness: Readiness = { state: 'ready' };
  circuitOpen = 0;
  /** A bank that is never in maintenance, unless a test says otherwise. */
  opensAfter = (from: Date, forMs: number): Date => new Date(from.getTime() + forMs);

  constructor(
    private readonly served: readonly BankCredential[] = [
      { credentialId: 'banesco', bank: '0134', affiliate: 'J0000' },
    ],
  ) {
    super();
  }

  credentials(): readonly BankCredential[] {
    return this.served;
  }

  capabilities(bank: string): BankCapabilities {
    return {
      bank,
      lookUpKinds: ['pago_movil', 'transfer'],
      listing: this.listing,
      lookUpHasSideEffects: this.lookUpHasSideEffects,
      amountCheckedByBank: false,
      referenceDigits: 6,
      leastReferenceDigits: 6,
      callDeadlineMs: 20_000,
      commissionBasisPoints: 500,
      payerFields: { pago_movil: [], transfer: [], card_deposit: [] },
    };
  }

  serves(bank: string): boolean {
    return this.served.some((credential) => credential.bank === bank);
  }

  override openAfter(_credentialId: string, from: Date, forMs: number): Date {
    return this.opensAfter(from, forMs);
  }

  override circuitOpenMs(): number {
    return this.circuitOpen;
  }

  prepare(): Promise<Readiness> {
    return Promise.resolve(this.readiness);
  }

  async lookUp(ask: LookUp): Promise<AskResult> {
    this.asks.push(ask);
    return answered(await this.script(ask), ask.permit);
  }

  async listMovements(ask: Listing): Promise<AskResult> {
    this.listings.push(ask);
    return answered(await this.listScript(ask), ask.permit);
  }
}

const answered = (answer: BankAnswer, { permitId }: Permit): AskResult => ({
  answer,
  evidence: {
    bankCode: null,
    httpStatus: 200,
    durationMs: 1,
    answerHash: null,
    permitIds: [permitId],
  },
});
