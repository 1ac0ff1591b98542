import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A value that never prints itself: not in text, JSON, a log or a debugger's listing. */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself; for the one call that needs it, never to be stored or printed. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
