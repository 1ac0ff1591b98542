import { judgeMessages, messageNameOf, type HeardMessage } from './judge-messages.js';

const NAMES = ['transaction.submitted', 'transaction.verified'];
const TOLD = new Map([
  ['transaction-a', NAMES],
  ['transaction-b', NAMES],
]);

const heard = (
  transactionId: string,
  sequence: number,
  over: Partial<HeardMessage> = {},
): HeardMessage => ({
  transactionId,
  sequence,
  type: NAMES[sequence - 1] ?? '',
  isTaken: true,
  isSigned: true,
  ...over,
});
const SOUND = [heard('a', 1), heard('b', 1), heard('b', 2), heard('a', 2)];
const NOTHING = { due: 4, missed: 0, misplaced: 0, unsigned: 0, repeated: 0 };

describe('judging what an endpoint heard while everything was killed', () => {
  it('finds nothing where each message came once and in order', () => {
    expect(judgeMessages(TOLD, SOUND)).toEqual(NOTHING);
  });

  it('counts a message that came again, and forgives it', () => {
    const again = [heard('a', 1), ...SOUND];

    expect(judgeMessages(TOLD, again)).toEqual({ ...NOTHING, repeated: 1 });
  });

  it('forgives a message that was refused first', () => {
    const refused = [heard('a', 1, { isTaken: false }), ...SOUND];

    expect(judgeMessages(TOLD, refused)).toEqual(NOTHING);
  });

  it.each<[string, readonly HeardMessage[], object]>([
    ['one that never came', SOUND.slice(0, 3), { missed: 1 }],
    [
      'one that was refused for ever',
      [...SOUND.slice(0, 3), heard('a', 2, { isTaken: false })],
      { missed: 1 },
    ],
    ['one that overtook another', [heard('a', 2), ...SOUND], { misplaced: 1 }],
    [
      'one that came while the one before was refused',
      [heard('a', 1, { isTaken: false }), heard('a', 2), ...SOUND],
      { misplaced: 1 },
    ],
    ['an earlier one after a later one', [...SOUND, heard('a', 1)], { misplaced: 1 }],
    ['one that the log does not hold', [...SOUND, heard('a', 3)], { misplaced: 1 }],
    ['a claim that the log does not hold', [...SOUND, heard('c', 1)], { misplaced: 1 }],
    [
      'another verdict than the log has',
      [...SOUND.slice(0, 3), heard('a', 2, { type: 'transaction.rejected' })],
      { misplaced: 1, missed: 1 },
    ],
    [
      'one that somebody else signed',
      [...SOUND.slice(0, 3), heard('a', 2, { isSigned: false })],
      { unsigned: 1 },
    ],
  ])('finds %s', (_, calls, found) => {
    expect(judgeMessages(TOLD, calls)).toEqual({ ...NOTHING, ...found });
  });

  it('knows what is told, in every version of an event', () => {
    expect(messageNameOf('TransactionVerified.v3')).toBe('transaction.verified');
    expect(messageNameOf('AskAnswered.v1')).toBeNull();
  });
});
