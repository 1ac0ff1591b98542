/** `untested`: the bank has not taken its secrets yet. `retired`: nothing is asked under it any more. */
export type CredentialStanding = 'untested' | 'in_force' | 'retired';

/** What an admin gives of a credential, beside its secrets. Null: as in the bank's own line in the configuration. */
export interface CredentialParticulars {
  readonly credentialId: string;
  readonly bank: string;
  readonly affiliate: string;
  readonly calls: number | null;
  readonly windowMs: number | null;
  /** The phone that receives the payments, where the bank's questions name it. */
  readonly receivingPhone: string | null;
}

/** A credential that an admin created. Addresses, time-outs and certificates are those of the bank's own line. */
export interface CreatedCredential extends CredentialParticulars {
  readonly standing: CredentialStanding;
}
