#!/usr/bin/env bash
# Takes the key and the hosts' keys from the environment into SSH_FOLDER, which ends with the job. Hosts that are not known are
# refused; whoever runs this keeps the keys of their own.
set -euo pipefail
: "${SSH_PRIVATE_KEY:?the secret SSH_PRIVATE_KEY}" "${SSH_KNOWN_HOSTS:?the variable SSH_KNOWN_HOSTS, from ssh-keyscan}"
: "${SSH_FOLDER:?where they go}"
umask 077
mkdir -p "$SSH_FOLDER"
printf '%s\n' "$SSH_PRIVATE_KEY" >"$SSH_FOLDER/key"
printf '%s\n' "$SSH_KNOWN_HOSTS" >"$SSH_FOLDER/known_hosts"
