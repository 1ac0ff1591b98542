#!/usr/bin/env bash
# pgbackrest.sh <command> [options]: pgBackRest with this product's settings. It runs where the server's files are: by the
# server itself as its archive_command (archive-push %p), by backup.sh and by restore.sh.
set -euo pipefail

PGBACKREST_REPO1_CIPHER_PASS=$(cat "${BACKUP_PASSPHRASE_FILE:?the file with the passphrase}")
export PGBACKREST_REPO1_CIPHER_PASS PGBACKREST_REPO1_CIPHER_TYPE=aes-256-cbc
export PGBACKREST_REPO1_PATH=${BACKUP_FOLDER:-/backups}/postgres
# A full backup goes only when a newer one is old enough by itself, so that every instant of these days can be reached.
export PGBACKREST_REPO1_RETENTION_FULL_TYPE=time PGBACKREST_REPO1_RETENTION_FULL=${BACKUP_KEEP_DAYS:-30}
export PGBACKREST_PG1_PATH=${POSTGRES_DATA:?the folder of the server\'s files}
export PGBACKREST_PG1_PORT=${POSTGRES_PORT:-5432} PGBACKREST_PG1_SOCKET_PATH=${POSTGRES_SOCKETS:-/var/run/postgresql}
export PGBACKREST_PG1_USER=${POSTGRES_SUPERUSER:-postgres}
export PGBACKREST_START_FAST=y PGBACKREST_COMPRESS_TYPE=lz4
export PGBACKREST_LOG_LEVEL_CONSOLE=warn PGBACKREST_LOG_LEVEL_FILE=off PGBACKREST_LOCK_PATH=${BACKUP_LOCKS:-/tmp/pgbackrest}

run=(pgbackrest --no-config --stanza=constancia "$@")
# It belongs to whoever the server's files belong to; root only lends itself.
if [ "$(id -u)" = 0 ]; then exec runuser -u postgres -- "${run[@]}"; fi
exec "${run[@]}"
