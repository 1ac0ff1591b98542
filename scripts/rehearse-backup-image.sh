#!/usr/bin/env bash
# Builds deploy/backup/Dockerfile and runs it as docker-compose.prod.yml does: Postgres with its journal, the schedule beside it,
# migrations by the service's image. By a clock that is given: a first backup 41 days ago and the scheduled one at 01:00 after it,
# one 33 days ago, one now, by which what is older than thirty days is gone. Then both volumes are deleted and restored to the
# latest. The files of the event store are made up, since no image of one is at hand. Three minutes.
# Needs root, Debian's buildah, podman, catatonit, netavark, aardvark-dns, runc, docker-compose and faketime, the image of the service,
# and the base in the Dockerfile, or mmdebstrap to make a stand-in for it.
# The trap calls finish, which shellcheck cannot follow; some quotes hold what a container runs.
# shellcheck disable=SC2317,SC2016
set -euo pipefail
cd "$(dirname "$0")/.."

export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
clockwork=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
for tool in buildah podman runc docker-compose openssl; do
  command -v "$tool" >/dev/null || { echo "LEFT OUT  the image of the backups: $tool is not installed"; exit 0; }
done
[ -n "$clockwork" ] || { echo 'LEFT OUT  the image of the backups: faketime is not installed'; exit 0; }
service_image=localhost/constancia:check
buildah inspect --type image "$service_image" >/dev/null 2>&1 ||
  { echo "LEFT OUT  the image of the backups: $service_image is not built (scripts/run-containers.sh)"; exit 0; }
bash scripts/stand-in-for-postgres.sh ||
  { echo 'LEFT OUT  the image of the backups: its base can neither be pulled nor made'; exit 0; }

work=$(mktemp -d)
chmod 755 "$work"
project=$work/constancia-rehearsal
pids=()
finish() {
  if [ -S "$work/podman.sock" ]; then compose down --volumes --timeout 5 >/dev/null 2>&1 || true; fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
say() { printf 'ok      %s\n' "$*"; }
die() {
  printf 'FAILED  %s\n' "$*"
  tail -n 20 "$work/compose.log" >&2
  compose logs --tail 20 >&2 || true
  exit 1
}
# eventually <seconds> <command>…: until it succeeds.
eventually() {
  local until=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$until" ] || return 1; sleep 0.5; done
}

printf '[containers]\ndefault_ulimits = ["nofile=4096:4096","nproc=4096:4096"]\n[engine]\nruntime = "runc"\nevents_logger = "file"\n' >"$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf
buildah bud --layers --format docker --pull-never --network=host --quiet -t localhost/constancia-postgres:15-bookworm deploy/backup >/dev/null
say "the image of Postgres and of the backups is built"
podman system service --time=0 "unix://$work/podman.sock" >"$work/podman.log" 2>&1 &
pids+=($!)
export DOCKER_HOST=unix://$work/podman.sock
eventually 20 test -S "$work/podman.sock"

mkdir -p "$project/secrets" "$project/faketime"
cp -r docker-compose.prod.yml deploy "$project"
cp "$clockwork" "$project/faketime"
touch "$project/bank.env" "$project/secrets/event-store-passwords.env"
while read -r name; do printf 'made-up' >"$project/secrets/$name"; done < <(sed -n 's#.*file: ./secrets/##p' docker-compose.prod.yml)
printf 'postgresql://constancia:made-up@postgres:5432/constancia' >"$project/secrets/database-url"
chmod 444 "$project"/secrets/*
install -d -o 999 -m 755 "$project/backups"
# The only differences from production: a clock that is told the time, and what podman calls its log and its addresses.
cat >"$project/clock.yml" <<'YAML'
x-clock: &clock
  logging: { driver: json-file, options: { max-size: 5m } }
  volumes: ['./faketime:/faketime:ro']
  environment:
    LD_PRELOAD: /faketime/libfaketime.so.1
    FAKETIME_TIMESTAMP_FILE: /faketime/clock
    FAKETIME_NO_CACHE: '1'
    FAKETIME_DONT_FAKE_MONOTONIC: '1'
    NO_FAKE_STAT: '1'
services:
  backup: *clock
  postgres: *clock
  migrate: &logging
    logging: { driver: json-file, options: { max-size: 5m } }
  restore: *logging
networks:
  inside: { ipam: { options: { driver: host-local } } }
YAML
export CONSTANCIA_IMAGE=$service_image CONSTANCIA_PUBLIC_URL=https://example.com CONSTANCIA_BACKUPS=$project/backups
compose() { (cd "$project" && docker-compose --ansi never -f docker-compose.prod.yml -f clock.yml "$@" 2>>"$work/compose.log"); }

# set_clock <seconds from now>: for every process that starts from now on, and those that run.
set_clock() { printf '%+d' "$1" >"$project/faketime/clock"; }
days_ago() { echo $(($(date -u -d "$1 days ago $2" +%s) - $(date -u +%s))); }
inside() { compose exec -T "$@"; }
query() { inside postgres psql --no-psqlrc --quiet --tuples-only --no-align --username postgres --dbname "${2:-constancia}" --command "$1"; }
restart_backup() {
  compose stop --timeout 5 backup
  set_clock "$1"
  compose up -d --no-deps backup
}
backups() { find "$project/backups" -maxdepth 1 -name "$1" | wc -l; }
# The whole of a backup is there when its success is told, in another second than the last one's.
finished=''
succeeded() { [ -e "$project/backups/last-success" ] && [ "$(cat "$project/backups/last-success")" != "$finished" ]; }
await_backup() {
  eventually "$1" succeeded || die "no backup $2"
  finished=$(cat "$project/backups/last-success")
}
# What was written under a clock that was put back is as old as it says.
age() { find "$project/backups" -exec touch --date "@$(($(date -u +%s) + $1))" {} +; }

# The volumes get their owners from the images; the made-up log belongs to the event store's user.
set_clock "$(days_ago 41 00:58:20)"
compose up -d --no-deps postgres
# Through TCP, where a server that only makes its cluster does not listen.
eventually 90 inside postgres pg_isready --host 127.0.0.1 || die 'Postgres does not come up'
compose run --rm --no-deps -T migrate >"$work/migrated" || { cat "$work/migrated" >&2; die 'the migrations'; }
grep -q 'Migrated 0001' "$work/migrated" || die 'nothing was migrated'
query "set role constancia; create table state.rehearsal as select 1 as n" >/dev/null
make_log='mkdir -p /var/lib/kurrentdb/index && cd /var/lib/kurrentdb && for file in writer.chk chaser.chk chunk-000000.000000 chunk-000001.000000 index/map; do echo "$file" >"$file"; done && chown -R 1000:1000 .'
compose run --rm --no-deps -T --entrypoint bash restore -c "$make_log" || die 'the made-up log'

set_clock "$(days_ago 41 00:58:20)"
compose up -d --no-deps backup
await_backup 90 'at the start'
await_backup 180 'at 01:00'
[ "$(backups '*T0100[0-9][0-9]Z.postgres.dump.enc')" = 1 ] || die 'the scheduled backup was not made at 01:00'
say "the first backup was made at once, the next at 01:00: $(find "$project/backups" -maxdepth 1 -name '*.dump.enc' -printf '%f ')"
if grep -rlaE 'PGDMP|chunk-000000.000000|rehearsal' "$project/backups" --include='*.enc' --include='*.lz4' >"$work/plain"; then die "plain: $(cat "$work/plain")"; fi
[ "$(find "$project/backups/postgres/archive/constancia" -type f -name '0000*' | wc -l)" -gt 0 ] || die 'no journal was handed over'
say 'nothing in it can be read without the passphrase'
[ "$(stat -c '%a' "$project/backups/last-success")" = 644 ] || die 'the service could not read when the last backup was made'
age "$(days_ago 41 01:00)"

oldest=$(find "$project/backups/postgres/backup/constancia" -maxdepth 1 -name '*F' -printf '%f')
query 'insert into state.rehearsal values (2)'
restart_backup "$(days_ago 33 03:00)"
await_backup 120 '33 days ago'
age "$(days_ago 33 03:00)"
query 'insert into state.rehearsal values (3)'
restart_backup 0
await_backup 120 'of now'
[ "$(backups '*.postgres.dump.enc') $(backups '*.event-store.tar.enc')" = '1 1' ] || die 'old backups were not deleted'
[ ! -e "$project/backups/postgres/backup/constancia/$oldest" ] || die "$oldest was kept beyond its days"
[ "$(find "$project/backups/postgres/backup/constancia" -maxdepth 1 -name '*F' | wc -l)" = 2 ] || die 'the instants of thirty days need the full backup before them'
say 'what was older than thirty days is deleted, the full backup that the thirty days need is not'

query 'insert into state.rehearsal values (4)'
query 'select pg_switch_wal()' postgres >/dev/null
journal=$(query 'select pg_walfile_name(pg_current_wal_lsn() - 1)' postgres)
archived() { [ ! "$(query 'select last_archived_wal from pg_stat_archiver' postgres)" '<' "$journal" ]; }
eventually 60 archived || die 'the journal was not handed over'
compose stop --timeout 20 backup postgres
compose run --rm --no-deps -T restore --to latest >"$work/refused" 2>&1 && die 'the restore overwrote what was there'
compose rm --force backup postgres >/dev/null
for volume in postgres event-store; do podman volume rm "$(basename "$project")_$volume" >/dev/null || die "the volume $volume is still there"; done

compose run --rm --no-deps -T restore --to latest >"$work/restored" || die 'the restore'
compose up -d --no-deps postgres
out_of_recovery() { [ "$(query 'select pg_is_in_recovery()' postgres)" = f ]; }
eventually 90 inside postgres pg_isready --host 127.0.0.1 || die 'Postgres does not come back'
eventually 90 out_of_recovery || die 'Postgres stays in recovery'
[ "$(query 'select string_agg(n::text, $$ $$ order by n) from state.rehearsal')" = '1 2 3 4' ] || die 'rows are missing'
own=$(sed s/@postgres:/@127.0.0.1:/ "$project/secrets/database-url")
inside postgres psql --no-psqlrc --quiet "$own" --command 'select 1' >/dev/null || die 'the service cannot sign in'
look='cd /var/lib/kurrentdb && for file in writer.chk chaser.chk chunk-000000.000000 chunk-000001.000000 index/map; do [ "$(cat "$file")" = "$file" ] || exit 1; done && cmp chaser.chk truncate.chk && [ "$(stat -c %u chunk-000000.000000)" = 1000 ]'
compose run --rm --no-deps -T --entrypoint bash restore -c "$look" || die 'the log is not as it was, or not its owner'"'"'s'
say "both volumes were deleted and restored: $(tail -n 1 "$work/restored")"
