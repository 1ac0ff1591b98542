// Who may import whom. Each key lists the contexts whose public files it may use; nothing else is allowed.
const MAY_USE = {
  matching: [],
  transactions: ['access', 'merchants', 'matching'],
  verification: ['transactions', 'bank-gateway', 'matching', 'merchants'],
  'bank-gateway': ['access', 'matching'],
  finance: ['transactions', 'access', 'matching', 'merchants', 'verification'],
  merchants: ['access'],
  access: [],
  webhooks: ['transactions', 'access'],
  live: ['transactions', 'access'],
  notifications: ['access'],
};
const contexts = Object.keys(MAY_USE).join('|');

// The suffix is the visibility. `.rejections` is not among them: another context reads a code, never our list.
// A `.message` is what is told to those outside: pure, and the same for every context that tells it.
const PUBLIC = '\\.(module|command|query|event|message|port|decorator)\\.ts$|^src/matching/';

// Processes begin here: the service, the command line and each stand-in.
const ENTRY = '^src/(main|serve|app\\.module|cli/.+|stand-ins/[^/]+/[^/]+\\.main)\\.ts$';

// Matches the package whether or not it is installed.
const npm = (...names) => `(^|(^|/)node_modules/)(${names.join('|')})(/|$)`;

const SPEC = '\\.spec\\.ts$';

const rule = (name, from, to) => ({ name, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule('no-circular', {}, { circular: true }),

    rule(
      'kernel-is-alone',
      { path: '^src/kernel/', pathNot: SPEC },
      { pathNot: ['^src/kernel/', '^(node:)?crypto$'] },
    ),
    rule(
      'domain-is-pure',
      { path: '^src/([^/]+)/(?:domain/|.+\\.(event|message)\\.ts$)', pathNot: SPEC },
      {
        pathNot: [
          '^src/(kernel|matching)/',
          '^src/$1/domain/',
          '\\.(event|message)\\.ts$',
          npm('zod'),
        ],
      },
    ),
    rule(
      'matching-is-pure',
      { path: '^src/matching/', pathNot: SPEC },
      { pathNot: ['^src/(kernel|matching)/'] },
    ),

    rule(
      'platform-knows-no-context',
      { path: '^src/platform/' },
      { path: '^src/', pathNot: '^src/(platform|kernel)/' },
    ),
    ...Object.entries(MAY_USE).map(([context, uses]) =>
      rule(
        `${context}-uses-only-its-list`,
        { path: `^src/${context}/` },
        {
          path: '^src/',
          pathNot: `^src/(${[context, ...uses, 'platform', 'kernel'].join('|')})/`,
        },
      ),
    ),
    rule(
      'only-public-files-cross-contexts',
      { path: '^src/([^/]+)/', pathNot: '^src/cli/' },
      { path: `^src/(${contexts})/`, pathNot: ['^src/$1/', PUBLIC] },
    ),
    rule('nobody-imports-an-entry-point', { path: '^src/', pathNot: ENTRY }, { path: ENTRY }),

    rule(
      'stand-ins-stay-out-of-production',
      { path: '^src/', pathNot: '^src/(stand-ins|cli)/' },
      { path: '^src/stand-ins/' },
    ),
    rule(
      'stand-ins-share-nothing',
      { path: '^src/stand-ins/' },
      { path: '^src/', pathNot: '^src/(stand-ins|kernel)/' },
    ),

    // Each driver has one home.
    rule(
      'redis-driver',
      { path: '^src/', pathNot: '^src/access/limits/redis-request-counts\\.ts$' },
      { path: npm('@redis/client', 'ioredis', 'redis') },
    ),
    rule(
      'mail-driver',
      { path: '^src/', pathNot: '^src/notifications/smtp\\.mailer\\.ts$' },
      { path: npm('nodemailer') },
    ),
    rule(
      'event-store-driver',
      {
        path: '^src/',
        pathNot: '^src/(platform/event-store/eventstoredb\\.|stand-ins/event-store-node/)',
      },
      { path: npm('@eventstore') },
    ),
    rule(
      'sql-driver',
      {
        path: '^src/',
        pathNot: [
          '^src/platform/(database|projections)/',
          '^src/stand-ins/',
          '\\.(table|projection|store|query-handler|worker)\\.ts$',
          SPEC,
        ],
      },
      { path: npm('kysely', 'pg') },
    ),
    rule(
      'http-driver',
      {
        path: '^src/',
        pathNot: '^src/(bank-gateway/http/|webhooks/deliveries/webhook-delivery\\.worker)',
      },
      {
        path: npm(
          'axios',
          'axios-retry',
          'bottleneck',
          'openid-client',
          'cockatiel',
          'got',
          'undici',
        ),
      },
    ),

    rule(
      'production-imports-no-test',
      { path: '^src/', pathNot: SPEC },
      { path: [SPEC, '^test/'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Without this `import type` would pass unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
