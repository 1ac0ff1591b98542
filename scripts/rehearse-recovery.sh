#!/usr/bin/env bash
# The whole disaster on one machine: claims are submitted, everything is backed up, more claims come, every process is killed
# and every store deleted; then all of it is restored, the log and the read models are verified, and claims are taken again.
# The last line says what was lost (RPO) and how long it took (RTO). PostgreSQL is Debian's 15, dumped and restored by
# deploy/backup; the event store and the bank are this repository's stand-ins, and the stand-in's files are copied while it is
# stopped, which a real event store does not need. Everything listens on loopback.
# The trap calls finish, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -euo pipefail
cd "$(dirname "$0")/.."

programs=/usr/lib/postgresql/15/bin
if [ ! -x "$programs/initdb" ] || [ "$(id -u)" != 0 ]; then
  echo 'LEFT OUT  the recovery: it needs root and PostgreSQL 15'
  exit 0
fi
[ -e dist/main.js ] || npm run --silent build
node=$(npm exec --call 'node -p process.execPath')
work=$(mktemp -d)
chmod 755 "$work"
declare -A running=()
postgres() { runuser -u postgres -- "$programs/pg_ctl" -D "$work/live/postgres" "$@" >/dev/null 2>&1; }
finish() {
  for name in "${!running[@]}"; do kill -9 "${running[$name]}" 2>/dev/null || true; done
  postgres -m immediate stop || true
  rm -rf "$work"
}
trap finish EXIT

read -r database events bank service < <("$node" -e '
  const held = [0, 1, 2, 3].map(() => require("node:net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { console.log(held.map((s) => s.address().port).join(" ")); held.forEach((s) => s.close()); }, 100);
')
address=postgresql://postgres@127.0.0.1:$database
query() { psql --no-psqlrc --quiet --tuples-only --no-align "$address/$1" --command "$2"; }

start_postgres() {
  install -d -o postgres "$work/live/postgres"
  runuser -u postgres -- "$programs/initdb" -D "$work/live/postgres" --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  postgres -w -l "$work/live/postgres/log" \
    -o "-p $database -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/live/postgres" start
  query postgres 'create database constancia'
}
start() {
  local name=$1
  shift
  "$node" "$@" >"$work/$name.log" 2>&1 &
  running[$name]=$!
}
stand_in() {
  start "$1" "dist/stand-ins/$1/$1.main.js" "${@:2}"
  for _ in $(seq 240); do grep -qs '"ready":true' "$work/$1.log" && return 0; sleep 0.25; done
  cat "$work/$1.log" >&2
  return 1
}
end() {
  kill "-$2" "${running[$1]}"
  wait "${running[$1]}" 2>/dev/null || true
  unset "running[$1]"
}
start_events() { stand_in event-store-node --directory "$work/live/events" --port "$events"; }
start_service() {
  start service dist/main.js
  for _ in $(seq 240); do
    [ "$(curl -s -o "$work/ready" -w '%{http_code}' "http://127.0.0.1:$service/readyz")" = 200 ] && return 0
    sleep 0.25
  done
  tail -n 5 "$work/service.log" >&2
  return 1
}
cli() { "$node" dist/cli/main.js "$@"; }
script() { "$node" --import ./test/support/run-typescript.mjs "scripts/$1.ts" "${@:2}"; }
submit() { script steady-submissions --url "http://127.0.0.1:$service" --key "$work/merchant.json" --seconds "$1" --per-second 10 >"$work/load"; }
encrypt() { openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass "file:$work/passphrase"; }
claims() { query constancia 'select transaction_id, status from read.transaction_view order by 1'; }

export SANDBOX_BANK_CLIENT_ID=demo SANDBOX_BANK_CLIENT_SECRET=made-up BANESCO_CLIENT_ID=demo BANESCO_CLIENT_SECRET=made-up
PERSONAL_DATA_MASTER_KEY=$(openssl rand -base64 32) PERSONAL_DATA_INDEX_KEY=$(openssl rand -base64 32)
export PERSONAL_DATA_MASTER_KEY PERSONAL_DATA_INDEX_KEY
export EVENTSTORE_URL="esdb://127.0.0.1:$events?tls=false" HTTP_PORT=$service
export BANESCO_BASE_URL=http://127.0.0.1:$bank BANESCO_TRANSACTIONS_PATH=/transactions/financial-account/transactions
export BANESCO_TOKEN_URL=http://127.0.0.1:$bank/auth/realms/realm-api-qa/protocol/openid-connect/token
export BANESCO_AFFILIATE=demo BANESCO_LIMIT_CALLS=60 BANESCO_LIMIT_WINDOW_MS=1000 BANESCO_LIMIT_PER_TRANSACTION_CALLS=60
printf "%s" "$address/constancia" >"$work/database-url"
printf 'made-up passphrase' >"$work/passphrase"
export DATABASE_URL_FILE=$work/database-url BACKUP_PASSPHRASE_FILE=$work/passphrase BACKUP_FOLDER=$work/backups EVENT_STORE_FOLDER=$work/nothing

mkdir "$work/live" "$work/backups"
start_postgres
start_events
stand_in sandbox-bank --directory "$work/bank" --port "$bank" --account 01340000000000000001 \
  --movements samples/movements.jsonl --limit-calls 60 --limit-window-ms 1000
cli migrate >/dev/null
cli seed --account 01340000000000000001 --out "$work/merchant.json" >/dev/null
start_service
script submit-samples --url "http://127.0.0.1:$service" --bank "http://127.0.0.1:$bank" --key "$work/merchant.json" >/dev/null
sleep 15

# The log first: what Postgres is copied with later holds every data key that the copied events name, and no key that was erased.
end event-store-node TERM
tar --create --directory "$work/live" events | encrypt >"$work/backups/events.enc"
start_events
bash deploy/backup/backup.sh >/dev/null
backed_up=$(date +%s)
for _ in $(seq 240); do [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$service/readyz")" = 200 ] && break; sleep 0.25; done
submit 3
claims >"$work/before"

disaster=$(date +%s)
end service 9
end event-store-node 9
postgres -m immediate stop || true
rm -rf "$work/live"

mkdir "$work/live"
start_postgres
bash deploy/backup/restore-postgres.sh "$work"/backups/*.postgres.dump.enc >/dev/null
openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass "file:$work/passphrase" -in "$work/backups/events.enc" | tar --extract --directory "$work/live"
start_events
# The read models may be ahead of the restored log: they are made from it anew.
cli projections rebuild --fresh >"$work/rebuilt"
cli projections switch --force >>"$work/rebuilt"
# Keys that were erased after the dump was made are back with it; the log says which.
cli personal-data reapply-erasures >>"$work/rebuilt"
start_service
recovered=$(date +%s)

cli log verify >"$work/verified" 2>&1 || { cat "$work/verified" >&2; exit 1; }
cli projections verify >>"$work/verified" 2>&1 || { cat "$work/verified" >&2; exit 1; }
claims >"$work/after"
submit 2
# What is there was there before, and whatever is missing came after the backup.
lost=$(comm -23 <(cut -d'|' -f1 "$work/before") <(cut -d'|' -f1 "$work/after") | wc -l)
invented=$(comm -13 <(cut -d'|' -f1 "$work/before") <(cut -d'|' -f1 "$work/after") | wc -l)
[ "$invented" = 0 ] || { echo "$invented claims that nobody submitted" >&2; exit 1; }
[ "$lost" -le 30 ] || { echo "$lost claims were lost, 30 came after the backup" >&2; exit 1; }
printf '{"claims_before":%s,"claims_after":%s,"lost_after_backup":%s,"rpo_seconds":%s,"rto_seconds":%s}\n' \
  "$(wc -l <"$work/before")" "$(wc -l <"$work/after")" "$lost" "$((disaster - backed_up))" "$((recovered - disaster))"
