#!/usr/bin/env bash
# Backs up everything every day at BACKUP_AT (UTC, HH:MM), and at once where the last success is older than a day; between, the
# log every BACKUP_LOG_EVERY_MINUTES. A failure is logged and tried again after a quarter of an hour.
# Without this loop, by cron (/etc/cron.d/constancia-backup):
#   0 1 * * * root bash /usr/local/lib/constancia/backup.sh
#   15 * * * * root bash /usr/local/lib/constancia/backup.sh log
set -euo pipefail

at=${BACKUP_AT:-01:00}
log_every=$((${BACKUP_LOG_EVERY_MINUTES:-60} * 60))
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

insist() {
  until bash "$here/backup.sh" "$1"; do
    echo 'the backup failed; trying again in fifteen minutes' >&2
    nap 900
  done
}

while true; do
  if is_old; then
    insist all
    continue
  fi
  left=$(seconds_until_next)
  if [ "$left" -gt "$log_every" ]; then
    nap "$log_every"
    insist log
  else
    nap "$left"
    insist all
  fi
done
