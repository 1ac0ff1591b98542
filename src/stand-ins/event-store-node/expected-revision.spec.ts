import {
  type AppendDecision,
  decideAppend,
  type ExpectedRevision,
  NO_EVENTS,
  type StreamView,
} from './expected-revision.js';

/** A stream with these ids in the log, of which the bounded memory still knows those from `knownFrom` on. */
const streamOf = (
  ids: readonly string[],
  { knownFrom = 0, ...so }: Partial<StreamView> & { knownFrom?: number } = {},
): StreamView => ({
  current: ids.length - 1,
  tombstoned: false,
  softDeleted: false,
  hasMetadata: () => false,
  revisionOf: (id) => {
    const revision = ids.indexOf(id);
    return revision < knownFrom ? undefined : revision;
  },
  eventIdAt: (revision) => ids[revision],
  ...so,
});

const decided = (
  stream: StreamView,
  expected: ExpectedRevision,
  ids: readonly string[],
): AppendDecision['decision'] | number => {
  const answer = decideAppend(stream, expected, ids);
  return answer.decision === 'replay' ? answer.lastRevision : answer.decision;
};

const WRONG = 'wrong_expected_version';

interface Case {
  readonly of: string;
  readonly stream: StreamView;
  readonly expected: ExpectedRevision;
  readonly ids: readonly string[];
  readonly outcome: AppendDecision['decision'] | number;
}

describe('deciding about an append', () => {
  it.each<Case>([
    {
      of: 'a new stream, none expected',
      stream: streamOf([]),
      expected: 'no_stream',
      ids: ['a'],
      outcome: 'write',
    },
    {
      of: 'a new stream, anything expected',
      stream: streamOf([]),
      expected: 'any',
      ids: ['a'],
      outcome: 'write',
    },
    {
      of: 'a new stream, one expected',
      stream: streamOf([]),
      expected: 'stream_exists',
      ids: ['a'],
      outcome: WRONG,
    },
    {
      of: 'a new stream, revision 0 expected',
      stream: streamOf([]),
      expected: 0,
      ids: ['a'],
      outcome: WRONG,
    },
    {
      of: 'an existing stream, none expected',
      stream: streamOf(['a']),
      expected: 'no_stream',
      ids: ['b'],
      outcome: WRONG,
    },
    {
      of: 'an existing stream, one expected',
      stream: streamOf(['a']),
      expected: 'stream_exists',
      ids: ['b'],
      outcome: 'write',
    },
    {
      of: 'the last revision',
      stream: streamOf(['a', 'b']),
      expected: 1,
      ids: ['c'],
      outcome: 'write',
    },
    {
      of: 'an older revision',
      stream: streamOf(['a', 'b']),
      expected: 0,
      ids: ['c'],
      outcome: WRONG,
    },
    {
      of: 'a revision to come',
      stream: streamOf(['a', 'b']),
      expected: 2,
      ids: ['c'],
      outcome: WRONG,
    },
    { of: 'a repeat', stream: streamOf(['a', 'b', 'c']), expected: 0, ids: ['b', 'c'], outcome: 2 },
    {
      of: 'a repeat of a part',
      stream: streamOf(['a', 'b', 'c']),
      expected: 0,
      ids: ['b'],
      outcome: 1,
    },
    {
      of: 'a repeat with another end',
      stream: streamOf(['a', 'b', 'c']),
      expected: 0,
      ids: ['b', 'x'],
      outcome: WRONG,
    },
    {
      of: 'a repeat that goes further',
      stream: streamOf(['a', 'b']),
      expected: 0,
      ids: ['b', 'c'],
      outcome: WRONG,
    },
    {
      of: 'a repeat at another revision',
      stream: streamOf(['a', 'b', 'c']),
      expected: 0,
      ids: ['c'],
      outcome: WRONG,
    },
    {
      of: 'a repeat the memory has lost',
      stream: streamOf(['a', 'b'], { knownFrom: 9 }),
      expected: 'no_stream',
      ids: ['a'],
      outcome: 0,
    },
    {
      of: 'known ids, anything expected',
      stream: streamOf(['a', 'b', 'c']),
      expected: 'any',
      ids: ['a', 'b'],
      outcome: 1,
    },
    {
      of: 'ids the memory has lost',
      stream: streamOf(['a', 'b'], { knownFrom: 9 }),
      expected: 'any',
      ids: ['a'],
      outcome: 'write',
    },
    {
      of: 'a first id known, a later not',
      stream: streamOf(['a']),
      expected: 'any',
      ids: ['a', 'x'],
      outcome: WRONG,
    },
    {
      of: 'a first id unknown',
      stream: streamOf(['a']),
      expected: 'any',
      ids: ['x', 'a'],
      outcome: 'write',
    },
    {
      of: 'nothing to write, anything expected',
      stream: streamOf(['a']),
      expected: 'any',
      ids: [],
      outcome: 'write',
    },
    {
      of: 'nothing to write at the last revision',
      stream: streamOf(['a']),
      expected: 0,
      ids: [],
      outcome: 'write',
    },
    {
      of: 'nothing to write at an older one',
      stream: streamOf(['a', 'b']),
      expected: 0,
      ids: [],
      outcome: WRONG,
    },
  ])('answers $of with $outcome', ({ stream, expected, ids, outcome }) => {
    expect(decided(stream, expected, ids)).toBe(outcome);
  });

  it.each<ExpectedRevision>([0, 'no_stream', 'any', 'stream_exists'])(
    'refuses a tombstoned stream, expecting %s',
    (expected) => {
      expect(decided(streamOf(['a'], { tombstoned: true }), expected, ['a'])).toBe(
        'stream_deleted',
      );
    },
  );

  it.each<[ExpectedRevision, string]>([
    ['no_stream', 'write'],
    ['any', 'write'],
    [1, 'write'],
    [0, WRONG],
    ['stream_exists', 'stream_deleted'],
  ])('answers about a deleted stream, expecting %s, with %s', (expected, outcome) => {
    expect(decided(streamOf(['a', 'b'], { softDeleted: true }), expected, ['c'])).toBe(outcome);
  });

  it('takes metadata for a stream that is expected to exist', () => {
    const described = streamOf([], { hasMetadata: () => true });

    expect([described.current, decided(described, 'stream_exists', ['a'])]).toEqual([
      NO_EVENTS,
      'write',
    ]);
  });
});
