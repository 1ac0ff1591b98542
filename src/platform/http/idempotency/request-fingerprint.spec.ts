import { canonicalJson, RequestFingerprints } from './request-fingerprint.js';

const nested = (levels: number): unknown =>
  JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;

describe('writing content as one text', () => {
  it.each([
    [
      '{"b":1,"a":{"d":[2,{"f":3,"e":null}],"c":"x"}}',
      '{"a":{"c":"x","d":[2,{"e":null,"f":3}]},"b":1}',
    ],
    ['"ñ"', '"ñ"'],
    ['[]', '[]'],
    ['1e3', '1000'],
  ])('writes %s as %s', (given, text) => {
    expect(canonicalJson(JSON.parse(given))).toBe(text);
  });

  it('writes no body as null', () => {
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('refuses what is nested too deep, before the stack is', () => {
    expect(canonicalJson(nested(60))).toContain('[[');
    expect(() => canonicalJson(nested(30_000))).toThrow('malformed_json');
  });
});

describe('recognising a request', () => {
  const fingerprints = new RequestFingerprints(Buffer.alloc(32, 1));
  const request = { url: '/api/v1/merchants', body: { name: 'x', match_days: 7 } };

  it('takes the same content for the same, in any order', () => {
    const again = { ...request, body: { match_days: 7, name: 'x' } };
    expect(fingerprints.of(again)).toBe(fingerprints.of(request));
  });

  it.each([
    ['other content', { ...request, body: { name: 'y', match_days: 7 } }],
    ['another address', { ...request, url: '/api/v1/users' }],
    ['no body', { ...request, body: undefined }],
  ])('takes %s for another request', (_, other) => {
    expect(fingerprints.of(other)).not.toBe(fingerprints.of(request));
  });

  it('says nothing to who does not hold the key', () => {
    const others = new RequestFingerprints(Buffer.alloc(32, 2));
    expect(others.of(request)).not.toBe(fingerprints.of(request));
  });
});
