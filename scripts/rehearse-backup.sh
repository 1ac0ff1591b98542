#!/usr/bin/env bash
# Backs up and restores a real PostgreSQL with deploy/backup: the schema of this repository, some rows, everything destroyed, and
# the same rows afterwards. A wrong passphrase and a database that is not empty are refused. Needs root and Debian's PostgreSQL.
# The trap calls finish, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -euo pipefail
cd "$(dirname "$0")/.."

programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort | tail -n 1)
[ -x "$programs/initdb" ] || { echo 'LEFT OUT  the backup of Postgres: PostgreSQL is not installed'; exit 0; }
work=$(mktemp -d)
chmod 755 "$work"
finish() {
  runuser -u postgres -- "$programs/pg_ctl" -D "$work/cluster" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
install -d -o postgres "$work/cluster"
runuser -u postgres -- "$programs/initdb" -D "$work/cluster" --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
runuser -u postgres -- "$programs/pg_ctl" -D "$work/cluster" -w -l "$work/cluster/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/cluster" start >/dev/null
address=postgresql://postgres@127.0.0.1:$port
psql -q "$address/postgres" -c 'create database constancia'
[ -e dist/cli/main.js ] || npm run --silent build
DATABASE_URL=$address/constancia npm exec --call 'node dist/cli/main.js migrate' >"$work/migrated"
grep -q 'Migrated 0001' "$work/migrated"
psql -q "$address/constancia" -c "create table state.rehearsal as select n, md5(n::text) as word from generate_series(1, 1000) n"

printf '%s/constancia' "$address" >"$work/database-url"
printf 'made-up passphrase' >"$work/passphrase"
mkdir -p "$work/log/index/sub" "$work/backups"
for file in writer.chk chaser.chk chunk-000000.000000 chunk-000001.000000 index/sub/map; do echo "$file" >"$work/log/$file"; done
touch -d '40 days ago' "$work/backups/old.postgres.dump.enc"
export DATABASE_URL_FILE=$work/database-url BACKUP_PASSPHRASE_FILE=$work/passphrase BACKUP_FOLDER=$work/backups EVENT_STORE_FOLDER=$work/log
export BACKUP_METRICS_FOLDER=$work/metrics
mkdir "$work/metrics"
bash deploy/backup/backup.sh >/dev/null
dump=$(echo "$work"/backups/*.postgres.dump.enc)
[ -f "$dump" ] && [ ! -e "$work/backups/old.postgres.dump.enc" ]
if command -v promtool >/dev/null; then promtool check metrics <"$work/metrics/constancia-backup.prom"; fi
grep -qE '^constancia_backup_last_success_timestamp_seconds [0-9]{10}$' "$work/metrics/constancia-backup.prom"
# The checkpoints stand before the newest chunk, the finished ones are kept apart, and nothing can be read without the passphrase.
open_backup() { openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass "file:$work/passphrase"; }
listed=$(open_backup <"$(echo "$work"/backups/*.event-store.tar.enc)" | tar --list --ignore-zeros | tr '\n' ' ')
[[ $listed == *.chk*chunk-000001* && $listed != *chunk-*.chk* && $listed != *chunk-000000* ]]
[ "$(open_backup <"$(echo "$work"/backups/chunks/*.enc)")" = chunk-000000.000000 ]
if grep -q PGDMP "$dump"; then exit 1; fi

content() { pg_dump --no-owner "$address/constancia" | grep -vE '^(\\restrict|\\unrestrict|--)'; }
content >"$work/before"
if bash deploy/backup/restore-postgres.sh "$dump" 2>"$work/refused"; then exit 1; fi
grep -q 'restore into an empty one' "$work/refused"
psql -q "$address/postgres" -c 'drop database constancia' -c 'create database constancia'
printf 'another' >"$work/wrong"
if BACKUP_PASSPHRASE_FILE=$work/wrong bash deploy/backup/restore-postgres.sh "$dump" 2>/dev/null; then exit 1; fi
# Both stores, into the same folders: refused while something is there, then the same rows and the same files.
cp -r "$work/log" "$work/log-before"
refused=0
bash deploy/backup/restore.sh --to latest >"$work/refused" 2>&1 || refused=$?
[ "$refused" = 73 ] && grep -q 'is not empty' "$work/refused"
bash deploy/backup/restore.sh --to latest --force >/dev/null 2>&1
content >"$work/after"
cmp "$work/before" "$work/after"
cmp "$work/log/chaser.chk" "$work/log/truncate.chk" && rm "$work/log/truncate.chk"
diff -r "$work/log-before" "$work/log"
# A second copy of the log encrypts no finished chunk again.
bash deploy/backup/backup.sh log 2>/dev/null
[ "$(find "$work/backups/chunks" -name '*.enc' | wc -l)" = 1 ]
echo "ok      backed up, destroyed and restored: $(wc -l <"$work/after") lines alike"
