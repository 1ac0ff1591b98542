/** Why nothing may be sent under a credential until a person says so. */
export interface GatewayClosure {
  readonly closedAt: Date;
  /** `credentials_refused:…` when the bank refused us, else what the person who paused it gave. */
  readonly reason: string;
}

/** Who closes or reopens, and why; kept for ever. */
export interface GatewayAct {
  /** `process:gateway`, or the person's name as he gave it. */
  readonly by: string;
  readonly reason: string;
  /** True where the audit was told in the same transaction; otherwise a worker tells it. */
  readonly told?: boolean;
}

/** Which credentials are closed; survives restarts, so that no restart hammers a bank that refused us. */
export abstract class GatewayClosures {
  /** The closure in force; null when the credential is open. */
  abstract find(credentialId: string): Promise<GatewayClosure | null>;

  /** Closes; the first reason stands. False when it was closed already. */
  abstract close(credentialId: string, act: GatewayAct): Promise<boolean>;

  /** Opens again: a person's act. False when it was open. */
  abstract reopen(credentialId: string, act: GatewayAct): Promise<boolean>;
}
