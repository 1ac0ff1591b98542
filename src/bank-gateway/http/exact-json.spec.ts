import { parseExactJson, textOf } from './exact-json.js';

const read = (text: string) => parseExactJson(Buffer.from(text));

describe('reading JSON without losing digits', () => {
  it('keeps numbers as they were sent', () => {
    expect(read('{"amount":630.10,"reference":12345678901234567890,"code":200}')).toEqual({
      amount: '630.10',
      reference: '12345678901234567890',
      code: '200',
    });
  });

  it('keeps an amount that no double can hold', () => {
    expect(read('[90071992547409.91, 0.1]')).toEqual(['90071992547409.91', '0.1']);
  });

  it('leaves texts, truth and nothing alone', () => {
    expect(read('["007", true, null, {}]')).toEqual(['007', true, null, {}]);
  });

  it('reads past a byte order mark', () => {
    expect(read('\uFEFF{"a":1}')).toEqual({ a: '1' });
  });

  it.each(['', '<html></html>', '{"a":', '{"a":1}}', 'NaN'])('answers nothing for %p', (text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('taking the text of a field', () => {
  it.each([
    ['  473078 ', '473078'],
    ['', null],
    ['   ', null],
    [null, null],
    [true, null],
    [{}, null],
  ])('reads %p as %p', (value, expected) => {
    expect(textOf(value)).toBe(expected);
  });
});
