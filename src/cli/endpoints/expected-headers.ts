// Headers that every answer has, whatever it says (src/platform/http/security-headers.ts sends them).
const EXPECTED: readonly (readonly [string, RegExp])[] = [
  ['x-content-type-options', /^nosniff$/],
  ['x-frame-options', /^DENY$/],
  ['referrer-policy', /^no-referrer$/],
  ['cross-origin-resource-policy', /^same-origin$/],
  ['content-security-policy', /default-src '(none|self)'.*frame-ancestors 'none'/],
];
const BEHIND_TLS: readonly (readonly [string, RegExp])[] = [
  ['strict-transport-security', /max-age=\d{8}/],
];
// What tells who answers, and in which version.
const UNEXPECTED = ['x-powered-by', 'x-aspnet-version'];

/** What is missing among the headers of an answer, and what should be. */
export function wrongHeaders(headers: Headers, behindTls: boolean): readonly string[] {
  const expected = behindTls ? [...EXPECTED, ...BEHIND_TLS] : EXPECTED;
  const missing = expected
    .filter(([name, value]) => !value.test(headers.get(name) ?? ''))
    .map(([name]) => `the header ${name} is missing or says something else`);
  const talkative = [
    ...UNEXPECTED.filter((name) => headers.has(name)),
    ...(/\d/.test(headers.get('server') ?? '') ? ['server'] : []),
  ];
  return [...missing, ...talkative.map((name) => `the header ${name} tells what runs here`)];
}
