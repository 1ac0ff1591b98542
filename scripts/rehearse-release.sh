#!/usr/bin/env bash
# Runs terraform/files/constancia-release.sh against a docker that only writes down what it was told: a release that becomes
# healthy, one that does not, one whose migration fails, one that finds the settings unsafe, and two at once.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
release=$PWD/terraform/files/constancia-release.sh
mkdir "$work/bin" "$work/app"
cat >"$work/bin/docker" <<'DOCKER'
#!/usr/bin/env bash
image=${IMAGE:-$(sed -n 's/^IMAGE=//p' "$CONSTANCIA_FOLDER/.env")}
echo "$* [$image]" >>"$CONSTANCIA_FOLDER/said"
case "$* $image" in
  *' security check '*finds-unsafe) exit 1 ;;
  *' run --rm migrate '*cannot-migrate) exit 1 ;;
  *' up '*never-healthy) exit 1 ;;
esac
DOCKER
chmod +x "$work/bin/docker"
export PATH="$work/bin:$PATH" CONSTANCIA_FOLDER=$work/app

runs() { [ "$(cat "$work/app/.env")" = "IMAGE=$1" ] || { echo "expected $1 to run: $(cat "$work/app/.env")" >&2; exit 1; }; }
begin() { echo 'IMAGE=app:old' >"$work/app/.env"; : >"$work/app/said"; }

begin
"$release" app:new
runs app:new
grep -q 'run --rm migrate \[app:new\]' "$work/app/said"

begin
if "$release" app:never-healthy; then exit 1; fi
runs app:old
tail -n 1 "$work/app/said" | grep -q 'up .*\[app:old\]'

begin
if "$release" app:finds-unsafe 2>"$work/refused"; then exit 1; fi
grep -q 'app:finds-unsafe was not released: .*; app:old goes on running' "$work/refused"
runs app:old
if grep -q 'migrate \[\| up ' "$work/app/said"; then exit 1; fi

begin
if "$release" app:cannot-migrate; then exit 1; fi
runs app:old
if grep -q ' up ' "$work/app/said"; then exit 1; fi

begin
(
  flock 9
  if "$release" app:new 9>&-; then exit 1; fi
) 9>"$work/app/.release.lock"
runs app:old
