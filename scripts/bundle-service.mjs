// Joins the built service and the packages that it imports into a few files: `dist/service/main.js` is what production
// and `make run` start. Resolving and linking 3,000 small modules was half of a start, and some tens of megabytes.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const NOT_BUNDLED = [
  // Load files of their own from beside them: a native library, the pages of the API's document.
  '@node-rs/argon2',
  'swagger-ui-dist',
  // Watches packages as they are loaded; and is itself only loaded where a DSN is set.
  '@sentry/node',
  // Optional to Nest, which asks for them on demand only; not installed.
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
];

// CommonJS packages expect these, which modules do not have.
const COMMONJS = `
import { createRequire as $createRequire } from 'node:module';
const require = $createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
`;

/**
 * Errors, injected classes and log lines are told apart by the names of their classes. esbuild's own `keepNames` would also
 * name each closure whenever one is made, a tenth of what a submission costs. A decorated class is compiled to
 * `let X = class X {`, of which esbuild must rename one; without the second it is named by the first. (What has a name that
 * another class has too gets a number behind it.)
 */
const classNames = {
  name: 'class-names',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8'))
        .replaceAll(/^let (\w+) = class \1 /gm, 'let $1 = class ')
        .replaceAll(
          /^let (\w+) = (\1_1) = class \1 (.*)\{$/gm,
          'let $1 = class $3{ static { $2 = this; }',
        ),
      loader: 'js',
    }));
  },
};

await build({
  entryPoints: {
    main: 'dist/main.js',
    'append-thread.main': 'dist/platform/event-store/append-thread.main.js',
  },
  // As deep as a context's folder, so that files are found relative to it as before.
  outdir: 'dist/service',
  bundle: true,
  // What is imported on demand stays on demand.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  external: NOT_BUNDLED,
  banner: { js: COMMONJS.trim() },
  plugins: [classNames],
  // Names stay as they are, so that a stack trace tells functions and classes. Without spaces and comments the files are a
  // third smaller, and of one byte a letter: Node keeps their text in memory. Short lines, since Node prints the
  // whole line of an error that nobody caught.
  minifyWhitespace: true,
  lineLimit: 120,
  // The files do not name their maps: Node would keep ninety megabytes of them. The maps lie
  // beside and are taken out of the image (docs/containers.md); `logs map` reads them for those who read a stack trace.
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
});
