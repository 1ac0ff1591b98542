import { Injectable } from '@nestjs/common';
import { assert } from '../../kernel/assert.js';
import { PLATFORM_PROBLEMS, type ProblemEntry, type ProblemTable } from './problem-codes.js';

const CODE = /^[a-z][a-z0-9_]{2,63}$/;

/**
 * Every code that an answer can carry. A context registers the wording of its rejection codes in its constructor,
 * so that this part of the platform knows no context.
 */
@Injectable()
export class ProblemCatalog {
  private readonly byCode = new Map<string, ProblemEntry>();

  constructor() {
    this.register(PLATFORM_PROBLEMS);
  }

  /** Adds a context's codes. @throws AssertionFailed for a code that is taken or badly spelt, or a status that is no error */
  register<Code extends string>(table: ProblemTable<Code>): void {
    for (const [code, entry] of Object.entries<ProblemEntry>(table)) {
      assert(CODE.test(code), `problem code ${code} is not snake_case`);
      assert(!this.byCode.has(code), `problem code ${code} is registered twice`);
      assert(entry.status >= 400 && entry.status < 600, `problem code ${code} has no error status`);
      this.byCode.set(code, entry);
    }
  }

  find(code: string): ProblemEntry | null {
    return this.byCode.get(code) ?? null;
  }

  /** All codes in alphabetical order, for the documentation. */
  all(): readonly (readonly [code: string, entry: ProblemEntry])[] {
    return [...this.byCode].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
