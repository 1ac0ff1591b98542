import { createSecretKey, type KeyObject } from 'node:crypto';
import type { PersonalDataConfig } from '../config/config.schema.js';
import { BoxUnreadable, openBox, sealBox } from './sealed-box.js';

/** The master key, and while it is being exchanged the one before it. What is new is always locked with the first. */
export class MasterKeys {
  constructor(
    private readonly current: KeyObject,
    private readonly previous: KeyObject | null = null,
  ) {}

  static from({ masterKey, previousMasterKey }: PersonalDataConfig): MasterKeys {
    const previous = previousMasterKey.reveal();
    return new MasterKeys(
      createSecretKey(masterKey.reveal()),
      previous === '' ? null : createSecretKey(Buffer.from(previous, 'base64')),
    );
  }

  seal(content: Buffer, { nonce, purpose }: { nonce: Buffer; purpose: string }): Buffer {
    return sealBox(content, { key: this.current, nonce, purpose });
  }

  /** @throws BoxUnreadable when neither key opens it */
  open(box: Buffer, purpose: string): Buffer {
    const content = this.tryCurrent(box, purpose);
    if (content !== null) return content;
    if (this.previous === null) throw new BoxUnreadable();
    return openBox(box, { key: this.previous, purpose });
  }

  /** The same content under the current key; null when that is what locks it already. @throws BoxUnreadable */
  reseal(box: Buffer, sealing: { nonce: Buffer; purpose: string }): Buffer | null {
    if (this.tryCurrent(box, sealing.purpose) !== null) return null;
    return this.seal(this.open(box, sealing.purpose), sealing);
  }

  private tryCurrent(box: Buffer, purpose: string): Buffer | null {
    try {
      return openBox(box, { key: this.current, purpose });
    } catch (error) {
      if (error instanceof BoxUnreadable) return null;
      throw error;
    }
  }
}
