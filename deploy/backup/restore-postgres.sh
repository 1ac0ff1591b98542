#!/usr/bin/env bash
# restore-postgres <file>.postgres.dump.enc: into an empty database named by DATABASE_URL_FILE. Refuses one that holds tables.
set -euo pipefail

file=${1:?usage: restore-postgres <file>.postgres.dump.enc}
database_url=$(cat "${DATABASE_URL_FILE:?the file with the address of Postgres}")
held=$(psql --no-psqlrc --tuples-only --no-align --dbname "$database_url" \
  --command "select count(*) from information_schema.tables where table_schema in ('read', 'state')")
[ "$held" = 0 ] || { echo "the database holds $held tables; restore into an empty one" >&2; exit 1; }
openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass "file:${BACKUP_PASSPHRASE_FILE:?the file with the passphrase}" -in "$file" |
  pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname "$database_url"
echo "restored $file"
