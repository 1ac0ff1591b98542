#!/usr/bin/env bash
# The migrations on the oldest and the newest PostgreSQL that the product is run on: Debian's 15 and the 18 that npm brings. The
# schema must come out the same on both, and nothing may be pending afterwards. Both listen on loopback.
# The trap calls finish, and the quotes hold JavaScript.
# shellcheck disable=SC2317,SC2016
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=scripts/tools.sh
. scripts/tools.sh
programs=/usr/lib/postgresql/15/bin
if [ "$(id -u)" != 0 ] || [ ! -d node_modules ] || ! debian_tools "$programs/initdb" postgresql-15; then
  left_out 'the migrations on PostgreSQL 15: it needs root, postgresql-15 and the dependencies'
  exit 0
fi
[ -e dist/cli/main.js ] || npm run --silent build
node=$(npm exec --call 'node -p process.execPath')
chmod 755 "$work"
newest=''
finish() {
  runuser -u postgres -- "$programs/pg_ctl" -D "$work/oldest" -m immediate stop >/dev/null 2>&1 || true
  if [ -n "$newest" ]; then
    kill "$newest" 2>/dev/null || true
    wait "$newest" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

port=$("$node" -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
install -d -o postgres -g postgres "$work/oldest"
runuser -u postgres -- "$programs/initdb" -D "$work/oldest" --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
runuser -u postgres -- "$programs/pg_ctl" -D "$work/oldest" -w -l "$work/oldest/log" \
  -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/oldest" start >/dev/null
psql -q "postgresql://postgres@127.0.0.1:$port/postgres" -c 'create database constancia'

"$node" dist/stand-ins/postgres-node/postgres-node.main.js --directory "$work/newest" --not-durable >"$work/newest.log" 2>&1 &
newest=$!
for _ in $(seq 240); do grep -qs '"ready":true' "$work/newest.log" && break; sleep 0.25; done
newest_url=$("$node" -e '
  const { readFileSync } = require("node:fs");
  const { user, password_file: file, port, database } = JSON.parse(readFileSync(process.argv[1], "utf8").split("\n")[0]);
  console.log(`postgresql://${user}:${encodeURIComponent(readFileSync(file, "utf8").trim())}@127.0.0.1:${port}/${database}`);
' "$work/newest.log")

schema="select format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable) from information_schema.columns
    where table_schema in ('read', 'state') union all
  select indexdef from pg_indexes where schemaname in ('read', 'state') union all
  select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace in ('read'::regnamespace, 'state'::regnamespace) and contype <> 'n' order by 1"
for server in "15 postgresql://postgres@127.0.0.1:$port/constancia" "18 $newest_url"; do
  version=${server%% *} address=${server#* }
  [[ $(psql -qAt "$address" -c 'show server_version') == "$version".* ]]
  pending=0
  DATABASE_URL=$address "$node" dist/cli/main.js migrate check >/dev/null || pending=$?
  [ "$pending" = 1 ] || { echo "PostgreSQL $version: nothing was pending beforehand" >&2; exit 1; }
  DATABASE_URL=$address "$node" dist/cli/main.js migrate >"$work/migrated-$version"
  DATABASE_URL=$address "$node" dist/cli/main.js migrate check >/dev/null
  psql -qAt "$address" -c "$schema" >"$work/schema-$version"
  echo "ok      PostgreSQL $version: $(wc -l <"$work/migrated-$version") migrations"
done
diff "$work/schema-15" "$work/schema-18"
echo "ok      the same schema on both: $(wc -l <"$work/schema-15") columns, indexes and constraints"
