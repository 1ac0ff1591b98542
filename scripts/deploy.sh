#!/usr/bin/env bash
# deploy <image> <public address> <user@host>...: one droplet after the other, each waits for its own health check and goes back
# by itself when that fails (constancia-release). Then the public address must answer; where it does not, or a droplet failed,
# every droplet that already changed goes back to what it ran before. Nothing changes unless all of them can be reached.
set -euo pipefail

image=${1:?usage: deploy <image> <public address> <user@host>...}
address=${2:?usage: deploy <image> <public address> <user@host>...}
shift 2
[ $# -gt 0 ] || { echo 'no host was named' >&2; exit 64; }
hosts=("$@")

# ssh says so with this code when it is ssh itself that failed.
no_connection=255
options=(-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15)
if [ -n "${SSH_FOLDER:-}" ]; then
  options+=(-o IdentitiesOnly=yes -o "IdentityFile=$SSH_FOLDER/key" -o "UserKnownHostsFile=$SSH_FOLDER/known_hosts")
fi
# What the host is to expand is quoted by the caller.
# shellcheck disable=SC2029
on() { ssh "${options[@]}" "$@"; }

former=()
for host in "${hosts[@]}"; do
  before=$(on "$host" "sed -n 's/^IMAGE=//p' /opt/constancia/.env") || { echo "$host cannot be reached; nothing was changed" >&2; exit 1; }
  [ -n "$before" ] || { echo "$host does not say what it runs; nothing was changed" >&2; exit 1; }
  former+=("$before")
done

changed=0
go_back() {
  local at
  for ((at = 0; at < changed; at++)); do
    echo "going back to ${former[at]} on ${hosts[at]}" >&2
    on "${hosts[at]}" constancia-release "${former[at]}" || echo "${hosts[at]} could not go back" >&2
  done
  exit 1
}

for host in "${hosts[@]}"; do
  # The balancer trusts a droplet again after two good checks, three seconds apart; until then it must not lose the next one.
  [ "$changed" = 0 ] || sleep "${DEPLOY_SETTLE_SECONDS:-10}"
  code=0
  on "$host" constancia-release "$image" || code=$?
  # Nobody knows what runs there, so it is put right as well.
  [ "$code" != 0 ] && [ "$code" != "$no_connection" ] || changed=$((changed + 1))
  [ "$code" = 0 ] || { echo "$host did not take $image ($code)" >&2; go_back; }
done

for _ in $(seq "${DEPLOY_TRIES:-30}"); do
  if curl --fail --silent --max-time 5 "$address/readyz" >/dev/null; then
    echo "$image runs on ${#hosts[@]} hosts and answers at $address"
    exit 0
  fi
  sleep "${DEPLOY_WAIT_SECONDS:-2}"
done
echo "$address does not answer" >&2
go_back
