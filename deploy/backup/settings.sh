# Sourced by the scripts beside it: where backups lie, how they are encrypted, and the words they are named by.
# What it sets is read by whoever sources it.
# shellcheck shell=bash disable=SC2034

folder=${BACKUP_FOLDER:-/backups}
log_folder=${EVENT_STORE_FOLDER:-/var/lib/kurrentdb}
keep_days=${BACKUP_KEEP_DAYS:-30}
passphrase=${BACKUP_PASSPHRASE_FILE:?the file with the passphrase}
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
log_suffix=event-store.tar.enc
dump_suffix=postgres.dump.enc

# Exit codes, of sysexits.h where it has one.
exit_usage=64
exit_nothing_there=65
exit_would_overwrite=73

encrypt() { openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -salt -pass "file:$passphrase"; }
decrypt() { openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -pass "file:$passphrase"; }
stamp() { date -u +%Y%m%dT%H%M%SZ; }
say() { printf '%s  %s\n' "$(date -u +%H:%M:%SZ)" "$*" >&2; }
refuse() {
  printf '%s\n' "$2" >&2
  exit "$1"
}

# Whether pgBackRest can reach the server's files, so that Postgres can be taken back to any instant.
has_journal() { [ -n "${POSTGRES_DATA:-}" ]; }
