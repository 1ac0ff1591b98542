#!/usr/bin/env bash
# constancia-release <image>: runs another image of the service on this droplet, and the former one again when the new
# one does not become ready. Run it on one droplet after the other: the balancer keeps the rest in service.
set -euo pipefail

folder=${CONSTANCIA_FOLDER:-/opt/constancia}
new=${1:?usage: constancia-release <image>}
old=$(sed -n "s/^IMAGE=//p" "$folder/.env")

exec 9>"$folder/.release.lock"
flock --nonblock 9 || { echo 'another release is running here' >&2; exit 1; }

run() {
  local image=$1
  printf 'IMAGE=%s\n' "$image" >"$folder/.env.next"
  mv "$folder/.env.next" "$folder/.env"
  # Waits for the image's own health check; stopping gives the process fifteen seconds to drain.
  docker compose --project-directory "$folder" up --detach --wait --wait-timeout 120 service
}

docker pull --quiet "$new"
# What the new image makes of this droplet's settings: secrets that are weak or shared, a plain connection, a role that may too much.
IMAGE=$new docker compose --project-directory "$folder" run --rm migrate node dist/cli/main.js security check || {
  echo "$new was not released: mend what stands above in $folder (docs/containers.md lists the settings); $old goes on running" >&2
  exit 1
}
# Migrations are additive: the former image works on the new schema, so that going back needs no way down.
IMAGE=$new docker compose --project-directory "$folder" run --rm migrate

if run "$new"; then
  echo "running $new"
  exit 0
fi
docker compose --project-directory "$folder" logs --tail 50 service >&2 || true
echo "$new did not become healthy; going back to $old" >&2
run "$old" || echo "$old does not become healthy either" >&2
exit 1
