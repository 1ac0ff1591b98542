/** Where the figures of one credential's calls go. Labels are words from closed lists, never anything of a claim. */
export abstract class BankMeter {
  /** One attempt ended; `status` is an HTTP status, `not_sent` or `lost`. */
  abstract attempt(endpoint: string, status: string, seconds: number): void;

  /** Something is wrong at the bank or on the way to it. */
  abstract error(type: string): void;

  /** The bank said that its limit was exceeded: our reading of the contract is wrong, or another shares it. */
  abstract rateLimitExceeded(): void;

  /** Permits that count now, and how many calls the contract allows. */
  abstract permits(used: number, free: number): void;

  /** Whether the credential waits for a person. */
  abstract closed(isClosed: boolean): void;

  /** Whether calls are held back because the bank cannot be reached. */
  abstract circuitOpen(isOpen: boolean): void;
}
