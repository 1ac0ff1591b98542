export type Direction = 'forwards' | 'backwards';

/** Two revisions of a stream and all between them. */
export interface RevisionRange {
  readonly first: number;
  readonly last: number;
}
