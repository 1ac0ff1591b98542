/** How far a read model is behind a write that it was asked for. */
export interface Behind {
  readonly reached: bigint;
  /** Age of the oldest event that it does not show, to a tenth. */
  readonly seconds: number;
}

/** The store's clock and ours may differ, and either may step: nothing is behind by less than nothing. */
export function behindAt(
  now: Date,
  { reached, oldest }: { readonly reached: bigint; readonly oldest: Date | null },
): Behind {
  const ageMs = oldest === null ? 0 : now.getTime() - oldest.getTime();
  return { reached, seconds: Math.max(0, Math.round(ageMs / 100) / 10) };
}
