/** That a route, or one field of its body, will go, and since when that is known. */
export interface Deprecation {
  /** The day on which it was said, YYYY-MM-DD. */
  readonly since: string;
  /** The day from which it may be gone, once that is fixed. */
  readonly sunset?: string;
  /** The field of the body that is meant; left out: the whole route. Mark it in the schema too. */
  readonly field?: string;
  /** What to use instead. */
  readonly instead: string;
}

export const DEPRECATION = 'constancia:deprecation';

/** How it travels to the document. */
export const DEPRECATION_EXTENSION = 'x-deprecation';
