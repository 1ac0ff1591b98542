/** Up to which share of a payment a bank takes commission, as far as finance is concerned. */
export interface CommissionShare {
  readonly bank: string;
  /** In hundredths of a percent. */
  readonly basisPoints: number;
}

/** What the banks of this installation take; the verifier judges rows by the same. */
export abstract class CommissionShares {
  abstract all(): readonly CommissionShare[];
}
