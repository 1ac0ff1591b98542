#!/usr/bin/env bash
# deploy <image> <public address> <user@host>...: one droplet after the other, each waits for its own health check and goes back
# by itself when that fails (constancia-release). Then the public address must answer; where it does not, or a droplet failed,
# every droplet that already changed goes back to what it ran before.
set -euo pipefail

image=${1:?usage: deploy <image> <public address> <user@host>...}
address=${2:?usage: deploy <image> <public address> <user@host>...}
shift 2
[ $# -gt 0 ] || { echo 'no host was named' >&2; exit 64; }

on() { ssh -o BatchMode=yes -o ConnectTimeout=10 "$@"; }
changed=()
former=()

go_back() {
  local at
  for at in "${!changed[@]}"; do
    echo "going back to ${former[$at]} on ${changed[$at]}" >&2
    on "${changed[$at]}" constancia-release "${former[$at]}" || echo "${changed[$at]} could not go back" >&2
  done
  exit 1
}

for host in "$@"; do
  before=$(on "$host" "sed -n 's/^IMAGE=//p' /opt/constancia/.env")
  on "$host" constancia-release "$image" || { echo "$host refused $image" >&2; go_back; }
  changed+=("$host")
  former+=("$before")
done

for _ in $(seq "${DEPLOY_TRIES:-30}"); do
  if curl --fail --silent --max-time 5 "$address/readyz" >/dev/null; then
    echo "$image runs on ${#changed[@]} hosts and answers at $address"
    exit 0
  fi
  sleep "${DEPLOY_WAIT_SECONDS:-2}"
done
echo "$address does not answer" >&2
go_back
