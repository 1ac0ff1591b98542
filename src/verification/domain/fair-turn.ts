/** The claim of one merchant that is due the longest. */
export interface Candidate {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly dueAt: Date;
  readonly watch: { readonly standing: string };
}

/**
 * Whose turn it is: pending claims before expired ones, then the merchant that waited longest since its last turn,
 * then the claim that is due the longest. `lastTurns` holds the number of each merchant's last turn.
 */
export function fairTurn<C extends Candidate>(
  candidates: readonly C[],
  lastTurns: ReadonlyMap<string, number>,
): C | null {
  const turn = ({ merchantId }: C): number => lastTurns.get(merchantId) ?? -1;
  const isLate = ({ watch }: C): number => Number(watch.standing === 'expired');
  const [first] = [...candidates].sort(
    (one, other) =>
      isLate(one) - isLate(other) ||
      turn(one) - turn(other) ||
      one.dueAt.getTime() - other.dueAt.getTime() ||
      (one.transactionId < other.transactionId ? -1 : 1),
  );
  return first ?? null;
}
