#!/usr/bin/env bash
# Runs the whole product on this machine with its sample claims and a steady load besides, lets a real Prometheus scrape it, and asks
# that every query of every dashboard. The page that was scraped must also please promtool's linter. Takes about two minutes.
# The trap calls finish, and the quotes hold JavaScript.
# shellcheck disable=SC2317,SC2016
set -euo pipefail
cd "$(dirname "$0")/.."
# The Node of the repository, not the machine's.
export PATH="$PWD/node_modules/.bin:$PATH"

work=$(mktemp -d)
# PostgreSQL runs as another user and must reach its folder.
chmod 755 "$work"
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

[ -e dist/service/main.js ] || npm run --silent build
read -r service prometheus < <(node -e '
  const { createServer } = require("node:net");
  const held = [0, 1].map(() => createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { console.log(held.map((s) => s.address().port).join(" ")); held.forEach((s) => s.close()); }, 100);
')

cp -r monitoring/prometheus "$work"
sed -i -e 's/_interval: 15s/_interval: 2s/' -e 's/scrape_timeout: 10s/scrape_timeout: 2s/' "$work/prometheus/prometheus.yml"
rm "$work"/prometheus/targets/*
printf -- '- targets: ["127.0.0.1:%s"]\n' "$service" >"$work/prometheus/targets/constancia.yml"
prometheus --config.file="$work/prometheus/prometheus.yml" --storage.tsdb.path="$work/series" \
  --web.listen-address="127.0.0.1:$prometheus" >"$work/prometheus.log" 2>&1 &
pids+=($!)

node dist/cli/main.js start-local --data "$work/data" --port "$service" >"$work/service.log" 2>&1 &
pids+=($!)
complain() { tail -n 20 "$work/service.log" >&2; exit 1; }
for _ in $(seq 240); do curl --fail --silent "http://127.0.0.1:$service/readyz" >/dev/null && break; sleep 0.5; done
curl --fail --silent "http://127.0.0.1:$service/readyz" >/dev/null || complain
for _ in $(seq 60); do [ -s "$work/data/demo-merchant.json" ] && break; sleep 0.5; done
node --import ./test/support/run-typescript.mjs scripts/steady-submissions.ts --url "http://127.0.0.1:$service" \
  --key "$work/data/demo-merchant.json" --seconds 20 --per-second 10 >"$work/load" || { cat "$work/load" >&2; complain; }

node --import ./test/support/run-typescript.mjs scripts/query-panels.ts --prometheus "http://127.0.0.1:$prometheus" --minutes 3 --within 120
curl --fail --silent "http://127.0.0.1:$service/metrics" >"$work/page"
# An empty page has no faults.
[ "$(grep -c '^payments_\|^http_' "$work/page")" -gt 50 ]
promtool check metrics <"$work/page"
