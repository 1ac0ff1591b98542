/** What a payer tells about himself; everything here is personal data. */
export interface PayerData {
  readonly phone: string | null;
  readonly document: string | null;
  readonly name: string | null;
  readonly concept: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** Personal data as it stands in an event: unreadable once its key is deleted. */
export interface SealedData {
  readonly keyId: string;
  /** base64url of nonce, ciphertext and tag (AES-256-GCM). */
  readonly box: string;
}

/** Seals personal data under data keys that live in schema `state`, wrapped by the master key from configuration. */
export abstract class PersonalDataVault {
  /** Seals under a key of its own; the key is durable before this returns. */
  abstract seal(payer: PayerData): Promise<SealedData>;

  /** Opens; null when the key was erased. */
  abstract open(sealed: SealedData): Promise<PayerData | null>;

  /** Opens many with one look for the keys; in the order given. */
  abstract openMany(sealed: readonly SealedData[]): Promise<readonly (PayerData | null)[]>;

  /** Deletes keys; what they locked opens nowhere any more. Again changes nothing. */
  abstract erase(keyIds: readonly string[]): Promise<void>;

  /** A keyed hash for equality filters; reveals nothing without the key. */
  abstract blindIndex(field: 'phone' | 'document', value: string): string;
}
