/** Which merchants are held back at present. */
export abstract class MerchantSuspensions {
  /** Those of the merchants that are suspended, or that there are none of; as fresh as the database, asked once. */
  abstract among(merchantIds: readonly string[]): Promise<ReadonlySet<string>>;
}
