#!/usr/bin/env bash
# Runs scripts/deploy.sh against an ssh and a curl that only pretend: all goes well, the second droplet refuses, cannot be reached
# from the start or loses its connection half way, the public address stays silent.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
cat >"$work/bin/ssh" <<'SSH'
#!/usr/bin/env bash
# ssh -o … <host> <command…>: each host is a file that holds the image it runs.
while [ "$1" = -o ]; do shift 2; done
host=$1
shift
[ "$host" != away ] || exit 255
case "$*" in
  sed*) cat "$HOSTS/$host" ;;
  constancia-release*)
    echo "$host $2" >>"$HOSTS/said"
    [ "$host $2" != 'two app:refused' ] || exit 1
    echo "$2" >"$HOSTS/$host"
    [ "$host $2" != 'two app:cut' ] || exit 255
    ;;
esac
SSH
cat >"$work/bin/curl" <<'CURL'
#!/usr/bin/env bash
! grep -q silent "$HOSTS/one"
CURL
chmod +x "$work"/bin/*
export PATH="$work/bin:$PATH" HOSTS=$work DEPLOY_TRIES=2 DEPLOY_WAIT_SECONDS=0 DEPLOY_SETTLE_SECONDS=0
deploy() { bash scripts/deploy.sh "$1" https://api.example.com one two >"$work/out" 2>&1; }
runs() { [ "$(cat "$work/one" "$work/two" | tr '\n' ' ')" = "$1 " ] || { cat "$work/out" "$work/said" >&2; exit 1; }; }
begin() { for host in one two; do echo app:old >"$work/$host"; done; : >"$work/said"; }

begin
deploy app:new
runs 'app:new app:new'

begin
if deploy app:refused; then exit 1; fi
runs 'app:old app:old'

begin
if deploy app:silent; then exit 1; fi
runs 'app:old app:old'
grep -q 'does not answer' "$work/out"

# What was half done when the connection was lost is put right too.
begin
if deploy app:cut; then exit 1; fi
runs 'app:old app:old'
grep -q 'going back to app:old on two' "$work/out"

# A droplet that is away from the start: the others stay as they are.
begin
if bash scripts/deploy.sh app:new https://api.example.com one away >"$work/out" 2>&1; then exit 1; fi
runs 'app:old app:old'
[ ! -s "$work/said" ]

if bash scripts/deploy.sh app:new https://api.example.com 2>/dev/null; then exit 1; fi
SLACK_WEBHOOK='' bash scripts/notify-slack.sh 'said to nobody'
