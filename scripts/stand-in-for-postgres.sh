#!/usr/bin/env bash
# Makes a stand-in for the official PostgreSQL image under its own name, out of Debian's packages, where that image is not here
# and cannot be pulled: the same user and group (999), folders, entry point and variables, as far as
# docker-compose.prod.yml uses them. Its contents are not the official image's. Needs root, buildah and mmdebstrap.
# The quotes hold what mmdebstrap runs.
# shellcheck disable=SC2016
set -euo pipefail

image=docker.io/library/postgres:15-bookworm
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
if buildah inspect --type image "$image" >/dev/null 2>&1; then exit 0; fi
if timeout 30 buildah pull --quiet "$image" >/dev/null 2>&1; then exit 0; fi
for tool in buildah mmdebstrap; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mmdebstrap --quiet --variant=minbase --include=ca-certificates --customize-hook='chroot "$1" groupadd --gid 999 postgres' \
  --customize-hook='chroot "$1" useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres' \
  --customize-hook='printf "create_main_cluster = false\n" >"$1/etc/no-cluster" && mkdir -p "$1/etc/postgresql-common" && mv "$1/etc/no-cluster" "$1/etc/postgresql-common/createcluster.conf"' \
  --customize-hook='printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d" && chmod +x "$1/usr/sbin/policy-rc.d"' \
  --customize-hook='chroot "$1" apt-get install --yes --quiet --no-install-recommends postgresql-15 >/dev/null' \
  bookworm "$work/base.tar"

cat >"$work/docker-entrypoint.sh" <<'ENTRY'
#!/usr/bin/env bash
# Makes the cluster where there is none, runs what lies in /docker-entrypoint-initdb.d, and becomes what it was asked to run.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  install -d -o postgres -g postgres -m 700 "$PGDATA"
  exec runuser --user postgres -- "$0" "$@"
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  read -ra options <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --pgdata "$PGDATA" --username "$POSTGRES_USER" --pwfile "$POSTGRES_PASSWORD_FILE" "${options[@]}"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
  # Without what the command line says: no journal is handed over before there is a database.
  pg_ctl --pgdata "$PGDATA" --wait --options '-c listen_addresses=' start
  for script in /docker-entrypoint-initdb.d/*; do bash "$script"; done
  pg_ctl --pgdata "$PGDATA" --wait --mode fast stop
fi
exec "$@"
ENTRY

container=$(buildah from scratch)
root=$(buildah mount "$container")
tar --extract --file "$work/base.tar" --directory "$root" --exclude './dev/*'
install -m 755 "$work/docker-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
install -d "$root/docker-entrypoint-initdb.d"
install -d -o 999 -g 999 -m 1777 "$root/var/lib/postgresql/data"
install -d -o 999 -g 999 -m 3777 "$root/run/postgresql"
chown 999:999 "$root/var/lib/postgresql"
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin \
  --env PGDATA=/var/lib/postgresql/data --volume /var/lib/postgresql/data --stop-signal SIGINT \
  --entrypoint '["docker-entrypoint.sh"]' --cmd postgres "$container"
buildah umount "$container" >/dev/null
buildah commit --quiet "$container" "$image" >/dev/null
buildah rm "$container" >/dev/null
echo "made a stand-in for $image"
