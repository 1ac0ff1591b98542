#!/usr/bin/env bash
# mount-volume <name of the volume> <folder>: waits for the volume, mounts it now and at every boot. Never formats:
# DigitalOcean did that once, when the volume was made.
set -euo pipefail

device=/dev/disk/by-id/scsi-0DO_Volume_$1
folder=$2
for _ in $(seq 60); do
  [ -e "$device" ] && break
  sleep 2
done
[ -e "$device" ] || { echo "the volume $1 was not attached within two minutes" >&2; exit 1; }

install -d "$folder"
grep -q " $folder " /etc/fstab || printf '%s %s ext4 defaults,nofail,noatime,discard 0 2\n' "$device" "$folder" >>/etc/fstab
mountpoint -q "$folder" || mount "$folder"
