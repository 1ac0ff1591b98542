/** Why nothing may be sent under a credential until a person says so. */
export interface GatewayClosure {
  readonly closedAt: Date;
  /** A word: `credentials_refused`, or what the person who paused it gave. */
  readonly reason: string;
}

/** Which credentials are closed; survives restarts, so that no restart hammers a bank that refused us. */
export abstract class GatewayClosures {
  /** The closure in force; null when the credential is open. */
  abstract find(credentialId: string): Promise<GatewayClosure | null>;

  /** Closes; the first reason stands. */
  abstract close(credentialId: string, reason: string): Promise<void>;

  /** Opens again: a person's act. False when it was open. */
  abstract reopen(credentialId: string): Promise<boolean>;
}
