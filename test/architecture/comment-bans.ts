/** Kinds of comment that are not written here, each with what is. */
export interface CommentBan {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly bad: string;
  readonly good: string;
}

/** Matched against a comment without its marks; comments say why, in whole sentences. */
export const COMMENT_BANS: readonly CommentBan[] = [
  {
    pattern: /^[-=*#~]{3,}|[-=*#~]{4,}$/,
    instead: 'a file or a function of its own: no section banners',
    bad: '----- parsing -----',
    good: 'The bank pads its texts.',
  },
  {
    pattern:
      /^(?:const|let|var|import|export|return|await|throw|if \(|for \(|while \(|\}|@\w+\().*[;{})]$|^[\w.]+\([^)]*\);$/m,
    instead: 'nothing: the history keeps old code',
    bad: 'const old = await load(id);',
    good: 'The stream is loaded again, since the first bytes stand.',
  },
  {
    pattern: /\bFIXME\b|\bXXX\b|\bHACK\b|\bTODO\b(?! \(#\d+\))/,
    instead: 'the change itself, or `TODO (#12)` with its issue',
    bad: 'TODO handle the range',
    good: 'TODO (#12) split the range',
  },
  {
    pattern: /@ts-(?:ignore|nocheck|expect-error)/,
    instead: 'the type that is true',
    bad: '@ts-ignore',
    good: 'The client types this too loosely.',
  },
  {
    pattern: /(?:oxlint|eslint)-disable(?!-next-line \S)/,
    instead: 'disable one named rule on one line',
    bad: 'oxlint-disable',
    good: 'oxlint-disable-next-line no-shadow',
  },
  {
    pattern: /@author\b|@date\b|^(?:Created|Written|Modified) (?:by|on)\b/m,
    instead: 'nothing: the history knows who and when',
    bad: 'Written by someone',
    good: 'Written before sending, so that a crash leaves a trace.',
  },
  {
    pattern: /@param (\w+) [Tt]he \1\b|@(?:param|returns) \{/,
    instead: 'nothing: types are in the code',
    bad: '@param claim the claim',
    good: '@throws BankUnavailable nothing is known',
  },
  {
    pattern: /^This is an? .*\b(?:CQRS|handler|controller|module|factory|singleton)\b/m,
    instead: 'why it is here, not which pattern it is',
    bad: 'This is a CQRS handler',
    good: 'Answers from the log, since the read model may lag.',
  },
];
