import { Injectable } from '@nestjs/common';

/** Which keys were used since somebody asked last; a request must not wait until that is written down. */
@Injectable()
export class ApiKeyUses {
  private used = new Set<string>();

  /** A key was used just now. */
  note(apiKeyId: string): void {
    this.used.add(apiKeyId);
  }

  /** All that were noted, which are forgotten with this. */
  take(): ReadonlySet<string> {
    const taken = this.used;
    this.used = new Set();
    return taken;
  }
}
