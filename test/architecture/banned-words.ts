import { isProduction, isSpec } from './source-files.js';

export interface Ban {
  readonly pattern: RegExp;
  readonly where: (path: string) => boolean;
  /** What to write instead; part of the message. */
  readonly instead: string;
  /** Samples that prove the pattern: one that must be caught, one that must pass. */
  readonly bad: string;
  readonly good: string;
}

const everywhere = (): boolean => true;
const inSource = (path: string): boolean => path.startsWith('src/');
const isProcessOfItsOwn = (path: string): boolean => /^src\/(cli|stand-ins)\//.test(path);
const inService = (path: string): boolean => isProduction(path) && !isProcessOfItsOwn(path);
const outside =
  (where: (path: string) => boolean, allowed: RegExp) =>
  (path: string): boolean =>
    where(path) && !allowed.test(path);

/** What may not be written in code (comments are looked at elsewhere), each with what to write instead. */
export const BANS: readonly Ban[] = [
  {
    pattern: /\bconsole\./,
    where: inService,
    instead: 'inject the logger',
    bad: 'console.log(row)',
    good: 'this.logger.info(row)',
  },
  {
    pattern: /\bas any\b|:\s*any\b|<any>/,
    where: everywhere,
    instead: 'name the type, or take `unknown` and narrow it',
    bad: 'body as any',
    good: 'body as unknown',
  },
  {
    pattern: /\bparseFloat\(/,
    where: everywhere,
    instead: 'parseDecimalMinor of kernel/money: money is whole minor units',
    bad: 'parseFloat(wire.amount)',
    good: 'parseDecimalMinor(wire.amount, currency)',
  },
  {
    // Counting and JSON are fine; reading a number out of text from outside is what loses cents.
    pattern: /\bNumber\((?:wire|body|request|query|raw|text|input)\b/,
    where: outside(inService, /\.(wire|config|schema)\.ts$|platform\/config\//),
    instead: 'a zod schema at the edge, or parseDecimalMinor for money',
    bad: 'Number(wire.amount)',
    good: 'Number(amountMinor)',
  },
  {
    pattern: /\bnew Date\(\)|\bDate\.now\(\)/,
    where: outside(inService, /^src\/kernel\/clock\.ts$/),
    instead: 'inject Clock, or take the instant as an argument',
    bad: 'const now = new Date();',
    good: 'const now = clock.now();',
  },
  {
    pattern: /\bMath\.random\(/,
    where: outside(inService, /^src\/kernel\/ids\.ts$/),
    instead: 'inject RandomSource of kernel/ids',
    bad: 'Math.random() * 10',
    good: 'random.bytes(4)',
  },
  {
    pattern: /\bprocess\.env\b/,
    where: outside(inService, /^src\/platform\/config\//),
    instead: 'a variable in platform/config and its typed section',
    bad: 'process.env.HTTP_PORT',
    good: 'this.config.port',
  },
  {
    pattern: /^export \*/m,
    where: everywhere,
    instead: 'import from the file that declares it; there are no barrels',
    bad: "export * from './claim.js';",
    good: "import { claim } from './claim.js';",
  },
  {
    pattern: /^export default\b/m,
    where: outside(everywhere, /\.(config|reporter|setup|teardown)\.mjs$/),
    instead: 'a named export',
    bad: 'export default class Money {}',
    good: 'export class Money {}',
  },
  {
    pattern: /@Inject\((?!forwardRef)/,
    where: inService,
    instead: 'an abstract class imported by value',
    bad: '@Inject(BANK_GATEWAY)',
    good: 'private readonly bank: BankGateway',
  },
  {
    pattern: /\b(?:describe|it|test)\.(?:only|skip|todo)\b|\b(?:xit|xdescribe|fit|fdescribe)\(/,
    where: everywhere,
    instead: 'a test that runs, or none',
    bad: "it.skip('binds', () => {",
    good: "it('binds', () => {",
  },
  {
    pattern: /\.toBeDefined\(\)|expect\(true\)/,
    where: isSpec,
    instead: 'the value that is expected',
    bad: 'expect(answer).toBeDefined();',
    good: "expect(answer.code).toBe('not_found');",
  },
  {
    pattern: /\bjest\.(?:mock|unstable_mockModule)\(/,
    where: everywhere,
    instead: 'a stand-in or an in-memory double held to the contract',
    bad: "jest.mock('./bank.js')",
    good: 'new InMemoryPermitLog()',
  },
  {
    pattern:
      /await (?:sleep|setTimeout|delay)\(|new Promise(?:<\w+>)?\(\(?\w*\)? ?=> ?setTimeout\((?!\w+, 0\))/,
    where: isSpec,
    instead: 'eventually(check, { withinMs }) of test/support',
    bad: 'await setTimeout(500);',
    good: 'await eventually(check, { withinMs: 500 });',
  },
  {
    pattern: /\bclass \w*(?:Manager|Helper|Utils?|Base)\b/,
    where: inSource,
    instead: 'a name that says what it does',
    bad: 'class PermitManager {',
    good: 'class PermitLog {',
  },
];
