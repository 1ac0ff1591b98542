#!/usr/bin/env bash
# Backs up every day at BACKUP_AT (UTC, HH:MM), and at once where the last success is older than a day. A failure is logged and
# tried again after a quarter of an hour.
set -euo pipefail

at=${BACKUP_AT:-01:00}
folder=${BACKUP_FOLDER:-/backups}
here=$(dirname "$0")

seconds_until_next() {
  local next
  next=$(date -u -d "today $at" +%s)
  [ "$next" -gt "$(date -u +%s)" ] || next=$(date -u -d "tomorrow $at" +%s)
  echo $((next - $(date -u +%s)))
}

is_old() {
  local last
  last=$(cat "$folder/last-success" 2>/dev/null || echo 0)
  [ $(($(date -u +%s) - last)) -gt 86400 ]
}

# So that a stop does not wait for the sleep to end.
trap 'exit 0' TERM INT
nap() { sleep "$1" & wait $!; }

while true; do
  is_old || nap "$(seconds_until_next)"
  until bash "$here/backup.sh"; do
    echo 'the backup failed; trying again in fifteen minutes' >&2
    nap 900
  done
done
