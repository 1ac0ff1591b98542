#!/usr/bin/env bash
# restore.sh --to <instant>|latest [--only postgres] [--force]: brings the event store and Postgres back to how they were at an
# instant. The log is the newest copy that was whole by then; Postgres is taken to the instant itself from its journal where
# POSTGRES_DATA says where the server's files go, otherwise to the dump made with that copy. Both servers are stopped; what is
# there already is not overwritten without --force. `--only postgres` leaves the log alone, which then knows everything that
# was acknowledged. docs/disaster-recovery.md says what comes after it.
set -euo pipefail
# shellcheck source=deploy/backup/settings.sh
. "$(dirname "$0")/settings.sh"

usage() { refuse "$exit_usage" 'usage: restore.sh --to <instant>|latest [--only postgres] [--force]'; }
to='' force='' only=''
while [ $# -gt 0 ]; do
  case $1 in
    --to) to=${2:-} && shift ;;
    --only) only=${2:-} && shift ;;
    --force) force=yes ;;
    *) usage ;;
  esac
  shift
done
[ -n "$to" ] || usage
case $only in '' | postgres) ;; *) usage ;; esac
if [ "$to" = latest ]; then
  limit=99991231T235959Z
else
  limit=$(date -u -d "$to" +%Y%m%dT%H%M%SZ 2>/dev/null) || refuse "$exit_usage" "\"$to\" is no instant, such as 2026-01-31T13:00:00Z"
fi

# The newest file with this ending that was whole by then; with it, when only a pair will do, its dump.
newest_log() {
  local found='' file name
  for file in "$folder"/*."$log_suffix"; do
    name=$(basename "$file" ".$log_suffix")
    [[ $name > $limit ]] && break
    has_journal || [ -e "$folder/$name.$dump_suffix" ] || continue
    if [ -e "$file" ]; then found=$name; fi
  done
  echo "$found"
}

holds_something() { [ -d "$1" ] && [ -n "$(ls -A "$1")" ]; }

# Half a restore is worse than none: everything that could refuse is asked before anything is changed.
refuse_overwriting() {
  [ -z "$force" ] || return 0
  local held overwritten=(${POSTGRES_DATA:+"$POSTGRES_DATA"})
  [ -n "$only" ] || overwritten+=("$log_folder")
  for held in "${overwritten[@]}"; do
    if holds_something "$held"; then refuse "$exit_would_overwrite" "$held is not empty; --force overwrites it"; fi
  done
}

refuse_running() {
  if has_journal && [ -e "$POSTGRES_DATA/postmaster.pid" ] && kill -0 "$(head -n 1 "$POSTGRES_DATA/postmaster.pid")" 2>/dev/null; then
    refuse "$exit_would_overwrite" "Postgres runs in $POSTGRES_DATA; stop it first"
  fi
}

restore_journal() {
  # The server fetches its journal itself and needs the passphrase for it, which no file of its own may hold.
  local options=("--recovery-option=restore_command=bash ${POSTGRES_ARCHIVE_PROGRAM:-$scripts/pgbackrest.sh} archive-get %f \"%p\"")
  if [ "$to" != latest ]; then
    options+=(--type=time "--target=$(date -u -d "$to" '+%Y-%m-%d %H:%M:%S.%6N+00')" --target-action=promote)
  fi
  [ -z "$force" ] || options+=(--delta --force)
  bash "$scripts/pgbackrest.sh" restore "${options[@]}"
  say "postgres: its files are back; it comes to the instant when it is started"
}

# What was there is kept beside: it may hold what came after the copy.
make_room() {
  holds_something "$log_folder" || return 0
  local aside
  aside=${log_folder%/}.before-$(stamp)
  mkdir "$aside"
  find "$log_folder" -mindepth 1 -maxdepth 1 -exec mv -t "$aside" {} +
  say "log: what was there is in $aside"
}

restore_log() {
  make_room
  mkdir -p "$log_folder"
  decrypt <"$folder/$1.$log_suffix" | tar --extract --ignore-zeros --no-same-owner --directory "$log_folder"
  local kept chunk changed
  while read -r kept; do
    chunk=$log_folder/$(basename "$kept" | sed 's/-[0-9]*-[0-9]*\.enc$//')
    changed=${kept%.enc}
    decrypt <"$folder/$kept" >"$chunk"
    # So that the next backup knows it for one that it has.
    touch -d "@${changed##*-}" "$chunk"
  done <"$log_folder/chunks"
  rm "$log_folder/chunks"
  # The server cuts off by it what was written behind the copied checkpoint.
  if [ -e "$log_folder/chaser.chk" ]; then cp "$log_folder/chaser.chk" "$log_folder/truncate.chk"; fi
  # It runs as whoever owns its folder.
  chown -R --reference="$log_folder" "$log_folder"
  say "log: as it was at $1"
}

name=$(newest_log)
[ -n "$name" ] || refuse "$exit_nothing_there" "no backup was whole by $to; backup.sh list tells what there is"
refuse_running
refuse_overwriting
decrypt <"$folder/$name.$log_suffix" 2>/dev/null | tar --list --ignore-zeros >/dev/null 2>&1 ||
  refuse 1 "$name.$log_suffix cannot be read; is the passphrase the right one?"
if has_journal; then
  restore_journal
else
  bash "$scripts/restore-postgres.sh" "$folder/$name.$dump_suffix" ${force:+--force}
fi
if [ -n "$only" ]; then
  echo "restored Postgres; the log is as it is"
else
  restore_log "$name"
  echo "restored the log of $name"
fi
