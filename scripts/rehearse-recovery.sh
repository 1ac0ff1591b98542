#!/usr/bin/env bash
# The whole disaster on one machine: claims are submitted, everything is backed up while it runs, more claims come, somebody
# empties a table by mistake, every process is killed and every store deleted; then all of it is taken back to an instant before
# the mistake, the log and the read models are verified, and claims are taken again. Then Postgres alone is lost, a moment after
# somebody's personal data was erased, and taken back to the latest, where that erasure is not: it must be applied again.
# The last line says what was lost (RPO) and how long it took (RTO), and how many keys were deleted again. PostgreSQL is
# Debian's with pgBackRest; the event store and the bank are this repository's stand-ins. Everything listens on loopback.
# Three minutes, more where others are at work.
# The trap calls finish, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -euo pipefail
cd "$(dirname "$0")/.."

programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort | tail -n 1)
if [ ! -x "$programs/initdb" ] || ! command -v pgbackrest >/dev/null || [ "$(id -u)" != 0 ]; then
  echo 'LEFT OUT  the recovery: it needs root, PostgreSQL and pgBackRest'
  exit 0
fi
[ -e dist/main.js ] || npm run --silent build
node=$(npm exec --call 'node -p process.execPath')
work=$(mktemp -d)
chmod 755 "$work"
declare -A running=()
postgres() { runuser -u postgres -- "$programs/pg_ctl" -D "$POSTGRES_DATA" "$@" >/dev/null 2>&1; }
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
step() { printf '%s  %s\n' "$(date -u +%H:%M:%SZ)" "$*" >&2; }

# Where backups and stores are, for the scripts of deploy/backup; the server's archive_command inherits it.
export POSTGRES_DATA=$work/live/postgres POSTGRES_PORT=$database POSTGRES_SOCKETS=$work/sockets BACKUP_LOCKS=$work/locks
export BACKUP_FOLDER=$work/backups BACKUP_PASSPHRASE_FILE=$work/passphrase DATABASE_URL_FILE=$work/database-url
export EVENT_STORE_FOLDER=$work/live/events
printf "%s" "$address/constancia" >"$work/database-url"
printf 'made-up passphrase' >"$work/passphrase"
mkdir "$work/live" "$work/backups" "$work/programs"
install -d -o postgres -g postgres "$work/sockets" "$work/locks" "$work/backups/postgres"
# The server's user may not be able to look into the checkout.
cp deploy/backup/*.sh "$work/programs"
export POSTGRES_ARCHIVE_PROGRAM=$work/programs/pgbackrest.sh

make_postgres() {
  install -d -o postgres -g postgres -m 700 "$POSTGRES_DATA"
  runuser -u postgres -- "$programs/initdb" -D "$POSTGRES_DATA" --auth=trust --encoding=UTF8 --locale=C.UTF-8 --data-checksums >/dev/null
}
start_postgres() {
  postgres -w -t 120 -l "$work/sockets/log" start -o "-p $database -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories=$work/sockets -c archive_mode=on -c archive_timeout=60 \
    -c 'archive_command=bash $POSTGRES_ARCHIVE_PROGRAM archive-push %p'" || { tail -n 20 "$work/sockets/log" >&2; return 1; }
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
start_events() {
  stand_in event-store-node --directory "$EVENT_STORE_FOLDER" --port "$events"
  export EVENT_STORE_PID=${running[event-store-node]}
}
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
claims() { query constancia 'select transaction_id from read.transaction_view order by 1'; }
projected() { for _ in $(seq 120); do [ "$(claims | wc -l)" -ge "$1" ] && return 0; sleep 0.25; done; return 1; }

export SANDBOX_BANK_CLIENT_ID=demo SANDBOX_BANK_CLIENT_SECRET=made-up BANESCO_CLIENT_ID=demo BANESCO_CLIENT_SECRET=made-up
PERSONAL_DATA_MASTER_KEY=$(openssl rand -base64 32) PERSONAL_DATA_INDEX_KEY=$(openssl rand -base64 32)
export PERSONAL_DATA_MASTER_KEY PERSONAL_DATA_INDEX_KEY
export DATABASE_URL="$address/constancia" EVENTSTORE_URL="esdb://127.0.0.1:$events?tls=false" HTTP_PORT=$service
export BANESCO_BASE_URL=http://127.0.0.1:$bank BANESCO_TRANSACTIONS_PATH=/transactions/financial-account/transactions
export BANESCO_TOKEN_URL=http://127.0.0.1:$bank/auth/realms/realm-api-qa/protocol/openid-connect/token
export BANESCO_AFFILIATE=demo BANESCO_LIMIT_CALLS=60 BANESCO_LIMIT_WINDOW_MS=1000 BANESCO_LIMIT_PER_TRANSACTION_CALLS=60
# The claims here come faster than one merchant's may.
export RATE_LIMIT_DEFAULT=100000/60

step 'starting'
make_postgres
start_postgres
query postgres 'create database constancia'
start_events
stand_in sandbox-bank --directory "$work/bank" --port "$bank" --account 01340000000000000001 \
  --movements samples/movements.jsonl --limit-calls 60 --limit-window-ms 1000
unset DATABASE_URL_FILE
cli migrate >/dev/null
cli seed --account 01340000000000000001 --out "$work/merchant.json" >/dev/null
start_service
back_up() { DATABASE_URL_FILE=$work/database-url cli "$@"; }
script submit-samples --url "http://127.0.0.1:$service" --bank "http://127.0.0.1:$bank" --key "$work/merchant.json" >/dev/null

step 'backing up everything, while claims come'
submit 5 &
submitting=$!
back_up backup >"$work/backed-up"
wait "$submitting"
submit 2
step 'erasing somebody, after the backup of Postgres and before the last copy of the log'
erase() { script erase-somebody --url "http://127.0.0.1:$service" --key "$work/merchant.json" --skip "$1"; }
erased() { query constancia 'select count(*) from state.data_key where wrapped_key is null'; }
erase 0 >"$work/erased"
back_up backup log
sleep 1.1
target=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
target_at=$(date +%s)
counted=$(claims | wc -l)
projected "$counted"
claims >"$work/at-the-target"
query constancia 'create table state.rehearsal as select 1 as after_the_target'
submit 3
claims >"$work/before"
step 'the mistake, and the disaster'
query constancia 'truncate state.merchant cascade'
# Stands for the sixty seconds after which the server hands over its journal by itself.
hand_over() {
  local journal
  query postgres 'select pg_switch_wal()' >/dev/null
  journal=$(query postgres "select pg_walfile_name(pg_current_wal_lsn() - 1)")
  for _ in $(seq 240); do [ "$(query postgres 'select last_archived_wal from pg_stat_archiver')" '<' "$journal" ] || return 0; sleep 0.25; done
  echo 'the journal was not handed over within a minute' >&2
  return 1
}
hand_over

disaster=$(date +%s)
end service 9
end event-store-node 9
postgres -m immediate stop || true
refused=0
back_up restore --to "$target" >"$work/refused" 2>&1 || refused=$?
[ "$refused" = 73 ] || { echo "the restore did not refuse to overwrite (exit code $refused)" >&2; exit 1; }
rm -rf "$work/live"
nothing=0
back_up restore --to 2020-01-01T00:00:00Z >"$work/refused" 2>&1 || nothing=$?
[ "$nothing" = 65 ] || { echo "an instant before every backup was not refused (exit code $nothing)" >&2; exit 1; }

step "restoring to $target"
install -d -o postgres -g postgres -m 700 "$POSTGRES_DATA"
back_up restore --to "$target"
recover_postgres() {
  start_postgres
  for _ in $(seq 240); do [ "$(query postgres 'select pg_is_in_recovery()' 2>/dev/null)" = f ] && return 0; sleep 0.25; done
  echo 'Postgres is still in recovery after a minute' >&2
  return 1
}
recover_postgres
start_events
step 'reapplying erasures, rebuilding the read models'
# Keys that were erased after the copy was made are back with it; the log says which.
cli personal-data reapply-erasures >"$work/rebuilt"
# The erasure came back with both stores; there was nothing to do again.
grep -q '^1 erasures are in the log; 0 keys were deleted again' "$work/rebuilt" && [ "$(erased)" = 1 ] || { cat "$work/rebuilt" >&2; exit 1; }
# The read models may be ahead of the restored log: they are made from it anew.
cli projections rebuild --fresh >>"$work/rebuilt"
cli projections switch --force >>"$work/rebuilt"
start_service
recovered=$(date +%s)

step 'verifying the log and the read models'
verify() {
  cli log verify >"$work/verified" 2>&1 || { cat "$work/verified" >&2; exit 1; }
  cli projections verify >>"$work/verified" 2>&1 || { cat "$work/verified" >&2; exit 1; }
}
verify
[ "$(query constancia "select to_regclass('state.rehearsal') is null")" = t ] || { echo 'Postgres is later than the instant' >&2; exit 1; }
[ "$(query constancia 'select count(*) > 0 from state.merchant')" = t ] || { echo 'the mistake is still there' >&2; exit 1; }
claims >"$work/after"
submit 2
# Everything of before the copy of the log is there, and nothing that nobody submitted.
lost=$(comm -23 "$work/before" "$work/after" | wc -l)
invented=$(comm -13 "$work/before" "$work/after" | wc -l)
missing=$(comm -23 "$work/at-the-target" "$work/after" | wc -l)
[ "$invented" = 0 ] || { echo "$invented claims that nobody submitted" >&2; exit 1; }
[ "$missing" = 0 ] || { echo "$missing claims of before the instant are missing" >&2; exit 1; }
step 'erasing somebody else, and losing Postgres before its journal is handed over'
kept=$(claims | wc -l)
hand_over
erase 1 >>"$work/erased"
[ "$(erased)" = 2 ] || { echo "$(erased) keys are erased instead of 2" >&2; exit 1; }
end service 9
postgres -m immediate stop || true
rm -rf "$POSTGRES_DATA"
install -d -o postgres -g postgres -m 700 "$POSTGRES_DATA"
back_up restore --to latest --only postgres
recover_postgres
[ "$(erased)" = 1 ] || { echo "Postgres came back with $(erased) keys erased instead of 1" >&2; exit 1; }
cli personal-data reapply-erasures >"$work/reapplied"
reapplied=$(sed -n 's/^2 erasures are in the log; \([0-9]*\) keys were deleted again\.$/\1/p' "$work/reapplied")
[ "$reapplied" = 1 ] && [ "$(erased)" = 2 ] || { cat "$work/reapplied" >&2; exit 1; }
start_service
projected "$kept" || { echo "claims are missing after Postgres came back" >&2; exit 1; }
verify
printf '{"erasures_applied_again":%s,"claims_before":%s,"claims_after":%s,"lost_after_the_instant":%s,"rpo_seconds":%s,"rto_seconds":%s}\n' \
  "$reapplied" "$(wc -l <"$work/before")" "$(wc -l <"$work/after")" "$lost" "$((disaster - target_at))" "$((recovered - disaster))"
