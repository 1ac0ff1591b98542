/** SHA-1 of a password as lists of breached ones are keyed by: 40 hexadecimal digits in upper case. */
export type PasswordDigest = string;

/** A list of what is known from breaches. */
export interface BreachedHashes {
  /** @throws HashesUnavailable */
  has(digest: PasswordDigest): Promise<boolean>;
}

/** The list could not be asked, or is not such a list. Its message holds nothing of a password. */
export class HashesUnavailable extends Error {
  override name = 'HashesUnavailable';
}

const CODE = /^[A-Z][A-Z0-9_]{2,39}$/;

/** The system's own code of a failure; its message could name what was asked. */
export const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && CODE.test(code) ? code : 'FAILED';
};
