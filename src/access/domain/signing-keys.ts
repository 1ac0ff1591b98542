/** When a signing key begins to sign. */
export interface KeyTurn {
  readonly keyId: string;
  readonly signsFrom: Date;
}

const bySignsFrom = (a: KeyTurn, b: KeyTurn): number =>
  a.signsFrom.getTime() - b.signsFrom.getTime();

/** The key that signs at an instant: the newest whose turn has come; null when there is none. */
export function signingKeyAt<Key extends KeyTurn>(keys: readonly Key[], now: Date): Key | null {
  return keys.toSorted(bySignsFrom).findLast(({ signsFrom }) => signsFrom <= now) ?? null;
}

/** The keys that a valid token may be signed with: those to come, the present one, and those whose tokens still live. */
export function validKeysAt<Key extends KeyTurn>(
  keys: readonly Key[],
  tokenSeconds: number,
  now: Date,
): readonly Key[] {
  const ordered = keys.toSorted(bySignsFrom);
  return ordered.filter((_, at) => {
    const successor = ordered[at + 1];
    return (
      successor === undefined || successor.signsFrom.getTime() + tokenSeconds * 1000 > now.getTime()
    );
  });
}
