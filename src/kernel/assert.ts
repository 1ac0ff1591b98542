/** Thrown for our own mistakes only; nothing catches it to carry on. */
export class AssertionFailed extends Error {
  override name = 'AssertionFailed';
}

/** States what must be so; a breach is our bug and stops the work at hand. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new AssertionFailed(what);
}

/** Marks the branch that the compiler proves unreachable. */
export function assertNever(value: never, what: string): never {
  throw new AssertionFailed(`${what}: ${JSON.stringify(value)}`);
}
