#!/usr/bin/env bash
# One backup now: a copy of the event store's files in the order that its documentation asks for while it runs, then a dump of
# Postgres, both encrypted. Old ones are deleted only after the new ones are whole.
set -euo pipefail

folder=${BACKUP_FOLDER:-/backups}
log_folder=${EVENT_STORE_FOLDER:-/var/lib/kurrentdb}
keep_days=${BACKUP_KEEP_DAYS:-30}
passphrase=${BACKUP_PASSPHRASE_FILE:?the file with the passphrase}
database_url=$(cat "${DATABASE_URL_FILE:?the file with the address of Postgres}")
name=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder"
trap 'rm -rf "$folder/.unfinished-$name"*' EXIT

encrypt() { openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass "file:$passphrase"; }

# Checkpoints first, so that every one of them names a place that the copied chunks contain; then indexes; chunks last.
copy_log() {
  cd "$log_folder"
  local list
  list=$(mktemp)
  find . -name '*.chk' >"$list"
  find . -path './index/*' -type f >>"$list"
  find . -name 'chunk-*' | sort >>"$list"
  # A scavenge may take away a file that was listed a moment ago.
  tar --create --ignore-failed-read --no-recursion --files-from "$list"
  rm "$list"
}
if [ -d "$log_folder" ]; then
  copy_log | encrypt >"$folder/.unfinished-$name.event-store"
  mv "$folder/.unfinished-$name.event-store" "$folder/$name.event-store.tar.enc"
fi

# After the log, never before: Postgres then holds every data key that the copied events name, and none that was erased since.
pg_dump --format=custom --no-owner --no-privileges --dbname "$database_url" | encrypt >"$folder/.unfinished-$name.postgres"
mv "$folder/.unfinished-$name.postgres" "$folder/$name.postgres.dump.enc"

find "$folder" -maxdepth 1 -name '*.enc' -mtime "+$keep_days" -delete
date -u +%s >"$folder/last-success"
# For the textfile collector of node exporter, on Debian /var/lib/prometheus/node-exporter.
if [ -n "${BACKUP_METRICS_FOLDER:-}" ]; then
  printf '# HELP %s When the last whole backup was made.\n# TYPE %s gauge\n%s %s\n' \
    constancia_backup_last_success_timestamp_seconds constancia_backup_last_success_timestamp_seconds \
    constancia_backup_last_success_timestamp_seconds "$(date -u +%s)" >"$BACKUP_METRICS_FOLDER/.constancia-backup"
  mv "$BACKUP_METRICS_FOLDER/.constancia-backup" "$BACKUP_METRICS_FOLDER/constancia-backup.prom"
fi
echo "backed up as $name"
