import { type RawAnswer, RawAnswers } from '../../src/bank-gateway/raw-answers/raw-answers.port.js';

/** Raw answers of a test, in clear. */
export class InMemoryRawAnswers extends RawAnswers {
  private readonly kept: RawAnswer[] = [];

  keep(answer: RawAnswer): Promise<void> {
    this.kept.push(answer);
    return Promise.resolve();
  }

  find(askId: string): Promise<readonly RawAnswer[]> {
    return Promise.resolve(this.kept.filter((answer) => answer.askId === askId));
  }

  /** What a test keeps is never old. */
  endOld(): Promise<number> {
    return Promise.resolve(0);
  }
}
