#!/bin/sh
# prune-modules <node_modules>: takes out of an installation without development packages what the running service never
# reads. The Dockerfile runs it while it builds; scripts/check-containers.sh measures what is left.
set -eu
cd "${1:?usage: prune-modules <node_modules>}"

# For laptops and compilers: Node itself, PostgreSQL, types. An optional peer brings TypeScript along.
rm -rf node-linux-* node-win-* embedded-postgres @embedded-postgres typescript @types .bin

# What @sentry/node brings for bundlers, which we have none of: Sentry's command line, Rollup, a parser of sources. It
# is only loaded from `@sentry/node/bundler-plugins/*`.
rm -rf sentry rollup
find . -type d \( -path '*/@sentry/bundler-plugins' -o -name oxc-parser -o -name @oxc-parser -o -name @oxc-project \) -prune -exec rm -rf {} +

# What is read by people, editors and debuggers. A file that a program could load by its name stays.
find . -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.ts' -o -name '*.map' -o -name '*.md' \
  -o -name '*.markdown' -o -name '*.flow' -o -name '*.tsbuildinfo' \) -delete
find . -type d \( -name test -o -name tests -o -name __tests__ -o -name docs -o -name examples -o -name .github \) -prune \
  -not -path '*/dist/*' -exec rm -rf {} +
find . -type d -empty -delete
