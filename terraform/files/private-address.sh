#!/usr/bin/env bash
# private-address [variable ...]: writes the address inside the VPC, which is known only once the droplet runs, under each
# of these names into a file that the containers read.
set -euo pipefail

address=$(curl --fail --silent --retry 10 --retry-all-errors --retry-delay 3 \
  http://169.254.169.254/metadata/v1/interfaces/private/0/ipv4/address)
install -d -m 0755 /etc/constancia
for name in "$@"; do
  printf '%s=%s\n' "$name" "$address"
done >/etc/constancia/private.env

# The exporter answers inside the VPC only.
printf 'ARGS="--web.listen-address=%s:9100"\n' "$address" >/etc/default/prometheus-node-exporter
systemctl restart prometheus-node-exporter
