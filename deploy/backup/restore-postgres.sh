#!/usr/bin/env bash
# restore-postgres.sh <file>.postgres.dump.enc [--force]: a plain dump, into an empty database named by DATABASE_URL_FILE. One
# that holds tables is refused, or emptied first with --force.
set -euo pipefail
# shellcheck source=deploy/backup/settings.sh
. "$(dirname "$0")/settings.sh"

file=${1:?usage: restore-postgres.sh <file>.postgres.dump.enc [--force]}
database_url=$(cat "${DATABASE_URL_FILE:?the file with the address of Postgres}")
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$database_url" --command "$1"; }

held=$(ask "select count(*) from information_schema.tables where table_schema in ('read', 'state')")
if [ "$held" != 0 ]; then
  [ "${2:-}" = --force ] || refuse "$exit_would_overwrite" "the database holds $held tables; restore into an empty one"
  # A wrong passphrase must be noticed before anything is deleted.
  decrypt <"$file" | pg_restore --list >/dev/null
  ask 'set client_min_messages = warning; drop schema read, state cascade'
fi
decrypt <"$file" | pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname "$database_url"
say "postgres: restored $(basename "$file")"
