/** What a bank answered, word for word: evidence, with whatever personal data the bank put into it. */
export interface RawAnswer {
  readonly askId: string;
  readonly credentialId: string;
  /** 0 for the first page of an ask, 1 for the next, … */
  readonly page: number;
  readonly body: Buffer;
}

/** Keeps raw answers, encrypted, for as long as configured. */
export abstract class RawAnswers {
  /** Keeps one; it is on disk when this returns. @throws the driver's error when it could not be kept */
  abstract keep(answer: RawAnswer): Promise<void>;

  /** What is still kept of an ask, in order. @throws BoxUnreadable under another master key */
  abstract find(askId: string): Promise<readonly RawAnswer[]>;

  /** Deletes the keys of days that are kept long enough, and their answers with them; tells how many days. */
  abstract endOld(): Promise<number>;
}
