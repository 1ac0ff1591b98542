import { Injectable } from '@nestjs/common';

/** The passwords that everybody tries first; read when the first one is asked about, since few processes ever are. */
@Injectable()
export class WidelyUsedPasswords {
  private words: Promise<ReadonlySet<string>> | null = null;

  async has(lowerCase: string): Promise<boolean> {
    return (await this.load()).has(lowerCase);
  }

  load(): Promise<ReadonlySet<string>> {
    this.words ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => new Set(dictionary['passwords-common']),
    );
    return this.words;
  }
}
