#!/usr/bin/env bash
# Proves the Dockerfile, the compose files, nginx' configuration and the scripts of deploy/ with the real tools. Says what it
# leaves out. `--run` also builds and runs the image (scripts/run-containers.sh), which takes minutes.
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
  cp deploy/nginx/upstream.conf "$work/nginx"
  sed -e "s#/tmp/#$work/nginx/#" -e "s#/dev/stdout#$work/nginx/access.log#" \
    -e "s#/run/secrets/tls-certificate#$work/nginx/certificate#" -e "s#/run/secrets/tls-key#$work/nginx/key#" \
    deploy/nginx/nginx.conf >"$work/nginx/nginx.conf"
  nginx -t -p "$work/nginx" -c nginx.conf
}

# No secret has a value in the production file: each is a file, or must be given.
no_secret_in_production() {
  ! grep -nEi '(password|secret|passphrase|token|key): *["'"'"']?[A-Za-z0-9+/]{8,}' docker-compose.prod.yml | grep -vE '_FILE: /run/secrets/|: /run/secrets/|secret(s)?/'
}

# CycloneDX, of what production installs; the release attaches one of the whole image.
bill_of_materials() {
  "$tools/cyclonedx/node_modules/.bin/cyclonedx-npm" --omit dev --omit optional --output-reproducible --output-file "$work/sbom.json" &&
    grep -q '"pkg:npm/fastify@' "$work/sbom.json" && ! grep -qE '"pkg:npm/(jest|embedded-postgres|knip)@' "$work/sbom.json"
}

if npm_tool dclint dclint@3.1.0; then
  check 'dclint' lint_compose
  check 'dclint notices an unknown key' compose_lint_bites
else
  left_out 'dclint: it cannot be installed'
fi
if debian_tools docker-compose docker-compose; then
  check 'docker-compose reads both files' parse_compose
  check 'production without an image is refused' refuses_no_image
else
  left_out 'docker-compose: it is not installed'
fi
check 'no secret in the production file' no_secret_in_production
check 'a deployment, and its way back' bash scripts/rehearse-deploy.sh
if [ ! -d node_modules ]; then
  left_out 'the bill of materials: the dependencies are not installed'
elif npm_tool cyclonedx @cyclonedx/cyclonedx-npm@6.0.1; then
  check 'the bill of materials names what runs, and nothing that only builds or tests' bill_of_materials
else
  left_out 'the bill of materials: its tool cannot be installed'
fi
if have_trivy; then
  check "Trivy's rules for the Dockerfile" trivy_rules Dockerfile
else
  left_out "Trivy's rules: the binary cannot be installed"
fi
if debian_tools nginx nginx-light libnginx-mod-stream && debian_tools openssl openssl; then
  check 'nginx reads its configuration' test_nginx
else
  left_out 'nginx: it is not installed'
fi
if debian_tools shellcheck shellcheck; then
  check 'shellcheck' shellcheck --external-sources .ci/run deploy/backup/*.sh scripts/*.sh
else
  left_out 'shellcheck: it is not installed'
fi
if [ "${1:-}" = --run ]; then
  bash scripts/rehearse-backup.sh || failed=1
  bash scripts/rehearse-recovery.sh || failed=1
  bash scripts/run-containers.sh || failed=1
else
  left_out 'building and running the image, backup and restore: bash scripts/check-containers.sh --run'
fi

exit "$failed"
