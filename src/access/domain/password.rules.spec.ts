import { judgePassword } from './password.rules.js';

const person = { email: 'ana.perez@example.com', name: 'Ana Perez' };
const common = new Set(['password', 'qwertyuiop12', 'dragon']);
const judge = (password: string) => judgePassword(password, person, (word) => common.has(word));

describe('judging a password', () => {
  it.each([
    ['correct horse battery', null],
    ['lluvia sobre el tejado', null],
    ['kd83jf02mfq1', null],
    ['kd83jf02mfq', 'too_short'],
    [`kd83jf02mfq1${'x'.repeat(116)}`, null],
    [`kd83jf02mfq1${'x'.repeat(117)}`, 'too_long'],
    ['aaaabbbbcccc', 'too_uniform'],
    ['QWERTYUIOP12', 'common'],
    ['Password1234', 'common'],
    ['123!dragon2026!', 'common'],
    ['my ana.perez word', 'holds_the_name'],
    ['senora perez 77', 'holds_the_name'],
    ['constancia-2026-x', 'holds_the_name'],
    // Three letters are part of too many words to forbid them.
    ['mañana será otro', null],
  ])('answers %j with %s', (password, fault) => {
    expect(judge(password)).toBe(fault);
  });

  it('counts characters as people do', () => {
    expect(judge('🦜🦉🦆🦅🐧🐦🐤🐣🐥🦢🦩')).toBe('too_short');
    expect(judge('🦜🦉🦆🦅🐧🐦🐤🐣🐥🦢🦩🦚')).toBeNull();
  });
});
