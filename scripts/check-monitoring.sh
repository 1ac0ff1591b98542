#!/usr/bin/env bash
# Proves monitoring/ with the real tools: promtool and amtool, which it installs from Debian's packages where it may.
# Says what it leaves out. `--live` also sends one alert from end to end and asks every panel of the running product, which takes
# three minutes. That dashboards and rules name only what exists is a test of the suite (monitoring.spec.ts).
# Functions are called through `check`, which shellcheck cannot follow.
# shellcheck disable=SC2317
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=scripts/tools.sh
. scripts/tools.sh
cd monitoring || exit 1

# A rule whose unit test passes whatever it says proves nothing.
rehearsal_bites() {
  cp -r prometheus "$work/prometheus"
  sed -i 's/> 0$/> 9/' "$work/prometheus/rules/symptoms.alerts.yml"
  ! promtool test rules "$work/prometheus/tests/symptoms.test.yml"
}

refuses_a_broken_rule() {
  printf 'groups:\n  - name: a\n    rules:\n      - alert: B\n        expr: sum(rate(x[5m])\n' >"$work/broken.yml"
  ! promtool check rules "$work/broken.yml"
}

goes_to() {
  local receiver=$1 file
  shift
  for file in alertmanager/alertmanager.yml alertmanager/development.yml; do
    amtool config routes test --config.file "$file" --verify.receivers="$receiver" "$@" || return 1
  done
}

if ! { debian_tools promtool prometheus && debian_tools amtool prometheus-alertmanager; }; then
  left_out 'Prometheus and Alertmanager: promtool and amtool are not installed and could not be'
  exit 0
fi

check 'Prometheus reads its configuration, rules and targets' promtool check config prometheus/prometheus.yml
check 'a broken rule is refused' refuses_a_broken_rule
check 'every alert fires when it must, and only then' promtool test rules prometheus/tests/*.test.yml
check 'the rehearsals notice a changed rule' rehearsal_bites
check 'Alertmanager reads its configuration' amtool check-config alertmanager/alertmanager.yml alertmanager/development.yml
check 'a page wakes somebody' goes_to pager severity=page alertname=ServiceDown
check 'a ticket waits' goes_to tickets severity=ticket alertname=InstanceDown
check 'the watchdog goes to the dead man'"'"'s switch' goes_to watchdog severity=none alertname=Watchdog
check 'what nobody thought of becomes a ticket' goes_to tickets alertname=Unforeseen

if [ "${1:-}" = --live ]; then
  check 'an alert arrives at the pager' bash ../scripts/rehearse-alert.sh
  check 'every panel has data, and the page that was scraped no fault' bash ../scripts/rehearse-panels.sh
else
  left_out 'an alert from end to end, every panel on the running product: bash scripts/check-monitoring.sh --live'
fi

exit "$failed"
