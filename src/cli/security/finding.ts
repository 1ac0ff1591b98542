/** Something that makes an installation unsafe. Names the setting and never holds its value. */
export interface Finding {
  readonly setting: string;
  readonly problem: string;
  /** What to do about it. */
  readonly mend: string;
}

export const lineOf = ({ setting, problem, mend }: Finding): string =>
  `${setting}: ${problem}; ${mend}`;
