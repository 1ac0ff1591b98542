// Which problem was answered to a request, for those who look at the answer afterwards.
const codes = new WeakMap<object, string>();

export const rememberProblem = (request: object, code: string): void =>
  void codes.set(request, code);

/** The code of the problem that was answered; null where none was. */
export const problemOf = (request: object): string | null => codes.get(request) ?? null;
