#!/usr/bin/env bash
# Takes the key and the hosts' keys from the environment into this runner's own folder. Hosts that are not known are refused.
set -euo pipefail
: "${SSH_PRIVATE_KEY:?the secret SSH_PRIVATE_KEY}" "${SSH_KNOWN_HOSTS:?the variable SSH_KNOWN_HOSTS, from ssh-keyscan}"
umask 077
mkdir -p "$HOME/.ssh"
printf '%s\n' "$SSH_PRIVATE_KEY" >"$HOME/.ssh/id_ed25519"
printf '%s\n' "$SSH_KNOWN_HOSTS" >>"$HOME/.ssh/known_hosts"
