#!/usr/bin/env bash
# backup.sh [all|log|list]: one backup now, encrypted. `log` copies the event store, which may be done every hour, since what
# is finished of it is copied once. `all` (the default) adds Postgres: a plain dump, and where POSTGRES_DATA says where the
# server's files are, pgBackRest's part of it, full once a week. `list` tells what can be restored. Old ones are deleted only
# after the new ones are whole.
set -euo pipefail
what=${1:-all}
# shellcheck source=deploy/backup/settings.sh
. "$(dirname "$0")/settings.sh"

unfinished=$folder/.unfinished-$$
trap 'rm -rf "$unfinished"*' EXIT

address() { cat "${DATABASE_URL_FILE:?the file with the address of Postgres}"; }

# A chunk that has a successor never changes again: it is encrypted once, and a later copy of the log only names it.
keep_chunk() {
  local file=$1 kept
  kept=chunks/$(basename "$file")-$(stat -c %s-%Y "$file").enc
  if [ ! -e "$folder/$kept" ]; then
    mkdir -p "$folder/chunks"
    encrypt <"$file" >"$unfinished.chunk"
    mv "$unfinished.chunk" "$folder/$kept"
  fi
  # Deleted when no copy of the log has named it for so long.
  touch "$folder/$kept"
  echo "$kept" >>"$unfinished.chunks"
}

# A file that grows while it is read is what a running server's files do; what a checkpoint names is whole.
pack() { tar --create --directory "$log_folder" "$@" 2>/dev/null || [ $? = 1 ]; }

# In the order that its documentation asks for while it runs. Checkpoints first, and chunks are listed only after them, so that
# every checkpoint names a place that a copied chunk contains; then indexes; chunks last.
copy_chunks() {
  local chunks newest chunk
  pack --files-from <(cd "$log_folder" && find . -name '*.chk')
  # A merge may take away an index that was listed a moment ago.
  pack --ignore-failed-read --files-from <(cd "$log_folder" && find . -path './index/*' -type f)
  chunks=$(cd "$log_folder" && find . -name 'chunk-*' | sort)
  newest=$(tail -n 1 <<<"$chunks")
  while read -r chunk; do
    [ "$chunk" = "$newest" ] || keep_chunk "$log_folder/$chunk"
  done <<<"$chunks"
  pack "$newest"
}

# The embedded node copies itself, at an instant of its own, when it is asked to.
copy_sqlite() {
  local copy=$log_folder/copy.sqlite
  rm -f "$copy"
  kill -USR2 "${EVENT_STORE_PID:?the process of the embedded node}"
  for _ in $(seq 600); do [ -e "$copy" ] && break; sleep 0.1; done
  [ -e "$copy" ] || refuse 1 'the embedded node made no copy of itself within a minute'
  pack --transform 's/copy/events/' copy.sqlite
  rm "$copy"
}

copy_log() {
  : >"$unfinished.chunks"
  if [ -e "$log_folder/events.sqlite" ]; then copy_sqlite; else copy_chunks; fi
  tar --create --directory "$folder" --transform 's/.*/chunks/' "$(basename "$unfinished").chunks"
}

# As the superuser, which signs in through the socket alone; root only lends itself.
hand_over_journal() {
  local ask=(psql --no-psqlrc --quiet --output /dev/null --host "${POSTGRES_SOCKETS:-/var/run/postgresql}"
    --port "${POSTGRES_PORT:-5432}" --username "${POSTGRES_SUPERUSER:-postgres}" --dbname postgres --command 'select pg_switch_wal()')
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "${ask[@]}"; else "${ask[@]}"; fi
}

back_up_log() {
  if [ ! -d "$log_folder" ]; then
    say "no event store in $log_folder: its backup is left out"
    return
  fi
  copy_log | encrypt >"$unfinished.log"
  # Named by its end, rounded up: whatever is taken back to this instant or a later one knows every event in it.
  name=$(date -u -d '+1 second' +%Y%m%dT%H%M%SZ)
  mv "$unfinished.log" "$folder/$name.$log_suffix"
  say "log: $name.$log_suffix, $(wc -l <"$unfinished.chunks") finished chunks"
  # So that the journal of Postgres, too, reaches beyond what was copied, with every data key that it names.
  if has_journal; then hand_over_journal; fi
}

# After the log, never before: Postgres then holds every data key that the copied events name, and none that was erased since.
dump_postgres() {
  pg_dump --format=custom --no-owner --no-privileges --dbname "$(address)" | encrypt >"$unfinished.dump"
  mv "$unfinished.dump" "$folder/$name.$dump_suffix"
  say "dump: $name.$dump_suffix"
}

back_up_journal() {
  local kind=incr
  has_journal || return 0
  bash "$scripts/pgbackrest.sh" stanza-create
  [ -z "$(find "$folder/postgres/backup/constancia" -maxdepth 1 -name '*F' -mtime -7 2>/dev/null)" ] && kind=full
  bash "$scripts/pgbackrest.sh" backup "--type=$kind"
  say "journal: a backup of kind $kind, and every change since"
}

delete_old() {
  find "$folder" -maxdepth 1 -name '*.enc' -mtime "+$keep_days" -delete
  if [ -d "$folder/chunks" ]; then find "$folder/chunks" -name '*.enc' -mtime "+$keep_days" -delete; fi
}

# For the service (BACKUP_LAST_SUCCESS_FILE), and for the textfile collector of node exporter, on Debian
# /var/lib/prometheus/node-exporter.
tell_success() {
  local metric=constancia_backup_last_success_timestamp_seconds
  date -u +%s >"$folder/last-success"
  [ -n "${BACKUP_METRICS_FOLDER:-}" ] || return 0
  printf '# HELP %s When the last whole backup was made.\n# TYPE %s gauge\n%s %s\n' \
    $metric $metric $metric "$(date -u +%s)" >"$BACKUP_METRICS_FOLDER/.constancia-backup"
  mv "$BACKUP_METRICS_FOLDER/.constancia-backup" "$BACKUP_METRICS_FOLDER/constancia-backup.prom"
}

list() {
  find "$folder" -maxdepth 1 -name '*.enc' -printf '%f\t%s bytes\n' | sort
  if has_journal; then bash "$scripts/pgbackrest.sh" info; fi
}

mkdir -p "$folder"
name=$(stamp)
case $what in
  log) back_up_log ;;
  list) list ;;
  all)
    back_up_log
    dump_postgres
    back_up_journal
    delete_old
    tell_success
    echo "backed up as $name"
    ;;
  *) refuse "$exit_usage" 'usage: backup.sh [all|log|list]' ;;
esac
