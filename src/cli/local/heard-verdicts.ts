import type { ToldVerdict } from './merchant-backend.js';

// Enough to see what arrives; hundreds of lines would hide the progress.
const SHOWN_OF_SAMPLES = 3;

/** Prints what the merchant's backend hears: the first of the samples' verdicts, and each once those are through. */
export class HeardVerdicts {
  private heard = 0;
  private showsEach = false;

  constructor(private readonly say: (line: string) => void) {}

  readonly hear = ({ type, reason, externalId }: ToldVerdict): void => {
    this.heard += 1;
    if (!this.showsEach && this.heard > SHOWN_OF_SAMPLES) return;
    const why = reason === null ? '' : ` (${reason})`;
    this.say(`Webhook: ${type}${why}, order ${externalId}; the signature is good.`);
    if (!this.showsEach && this.heard === SHOWN_OF_SAMPLES) this.say('Webhook: and so on.');
  };

  showEach(): void {
    this.showsEach = true;
  }
}
