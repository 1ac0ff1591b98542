#!/usr/bin/env bash
# Sets staging up on this machine as docs/deployment.md says, and lets `deployment check --for staging` judge it: fresh secrets as
# files, the service behind deploy/nginx/nginx.conf, the bank (our sandbox) behind TLS of its own. Needs nginx and openssl.
# The trap calls finish, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -euo pipefail
cd "$(dirname "$0")/.."
# The Node of the repository, not the machine's.
export PATH="$PWD/node_modules/.bin:$PATH"

for tool in nginx openssl; do
  command -v "$tool" >/dev/null || { echo "LEFT OUT  staging: $tool is not installed"; exit 0; }
done
work=$(mktemp -d)
# PostgreSQL runs as another user and must reach its folder.
chmod 755 "$work"
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

[ -e dist/service/main.js ] || npm run --silent build
read -r postgres events bank bank_tls service proxy redirect < <(node -e '
  const held = Array.from({ length: 7 }, () => require("node:net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { console.log(held.map((s) => s.address().port).join(" ")); held.forEach((s) => s.close()); }, 100);
')

secrets=$work/secrets
node dist/cli/main.js secrets generate --all --directory "$secrets" >/dev/null
# What the bank would have handed out.
for name in banesco-client-id banesco-client-secret; do openssl rand -hex 24 | tr -d '\n' >"$secrets/$name"; done
SANDBOX_BANK_CLIENT_ID=$(cat "$secrets/banesco-client-id")
SANDBOX_BANK_CLIENT_SECRET=$(cat "$secrets/banesco-client-secret")
export SANDBOX_BANK_CLIENT_ID SANDBOX_BANK_CLIENT_SECRET

stand_in() {
  local name=$1 log="$work/$1.log"
  shift
  node "dist/stand-ins/$name/$name.main.js" "$@" >"$log" 2>&1 &
  pids+=($!)
  for _ in $(seq 120); do grep -qs '"ready":true' "$log" && return 0; sleep 0.5; done
  cat "$log" >&2
  return 1
}
stand_in postgres-node --directory "$work/postgres" --port "$postgres"
stand_in event-store-node --directory "$work/event-store" --port "$events"
stand_in sandbox-bank --directory "$work/bank" --port "$bank" --account 01340000000000000001

printf 'postgresql://constancia:%s@127.0.0.1:%s/constancia' "$(cat "$work/postgres/password")" "$postgres" >"$secrets/database-url"
# The generated name and password, at the address that is here.
sed -i "s#@event-store:2113.*#@127.0.0.1:$events?tls=false#" "$secrets/eventstore-url"

mkdir "$work/nginx"
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/nginx/key" -out "$work/nginx/certificate" 2>/dev/null
sed -e "s/172.28.0.11:8000/127.0.0.1:$service/" -e '/172.28.0.12/d' deploy/nginx/upstream.conf >"$work/nginx/upstream.conf"
cat >"$work/nginx/bank.conf" <<END
server {
  listen 127.0.0.1:$bank_tls ssl;
  ssl_certificate $work/nginx/certificate;
  ssl_certificate_key $work/nginx/key;
  location / { proxy_pass http://127.0.0.1:$bank; }
}
END
sed -e "s#/tmp/#$work/nginx/#" -e "s#/dev/stdout#$work/nginx/access.log#" -e "s#stderr warn#$work/nginx/error.log warn#" \
  -e "s#/run/secrets/tls-certificate#$work/nginx/certificate#" -e "s#/run/secrets/tls-key#$work/nginx/key#" \
  -e "s/listen 8080/listen 127.0.0.1:$redirect/" -e "s/listen 8443/listen 127.0.0.1:$proxy/" \
  -e 's/include upstream.conf;/&\n  include bank.conf;/' deploy/nginx/nginx.conf >"$work/nginx/nginx.conf"
nginx -p "$work/nginx" -c nginx.conf -g 'daemon off;' 2>"$work/nginx/start.log" &
pids+=($!)

# Everything that staging sets; the rest is as docs/configuration.md has it.
settings=(
  "PATH=$PATH" "HTTP_HOST=127.0.0.1" "HTTP_PORT=$service" "PUBLIC_URL=https://localhost:$proxy" "TRUSTED_PROXIES=loopback"
  "DATABASE_URL_FILE=$secrets/database-url" "EVENTSTORE_URL_FILE=$secrets/eventstore-url"
  "PERSONAL_DATA_MASTER_KEY_FILE=$secrets/personal-data-master-key" "PERSONAL_DATA_INDEX_KEY_FILE=$secrets/personal-data-index-key"
  "BANESCO_CLIENT_ID_FILE=$secrets/banesco-client-id" "BANESCO_CLIENT_SECRET_FILE=$secrets/banesco-client-secret"
  "BANESCO_BASE_URL=https://localhost:$bank_tls" "BANESCO_AFFILIATE=staging"
  "BANESCO_TOKEN_URL=https://localhost:$bank_tls/auth/realms/realm-api-qa/protocol/openid-connect/token"
  "BANESCO_TRANSACTIONS_PATH=/transactions/financial-account/transactions"
  # Only because the certificate here is made by nobody that the world knows.
  "NODE_EXTRA_CA_CERTS=$work/nginx/certificate"
)
cli() { env -i "${settings[@]}" node dist/cli/main.js "$@"; }
cli migrate >"$work/migrated"
env -i "${settings[@]}" node dist/service/main.js >"$work/service.log" 2>&1 &
pids+=($!)
for _ in $(seq 240); do
  curl --fail --silent --cacert "$work/nginx/certificate" "https://localhost:$proxy/readyz" >/dev/null && break
  sleep 0.5
done
cli security check
cli deployment check --for staging --url "https://localhost:$proxy" || { tail -n 5 "$work/service.log" >&2; exit 1; }
