#!/usr/bin/env bash
# One alert from end to end, with the committed configuration: Prometheus finds no instance of the service, ServiceDown fires,
# Alertmanager routes it to the pager, and what the pager is sent arrives at a listener on loopback. Takes about ninety seconds.
# The trap calls finish, and the quotes hold JavaScript.
# shellcheck disable=SC2317,SC2016
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT

node -e '
  const { createServer } = require("node:net");
  const held = [0, 1, 2].map(() => createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { console.log(held.map((s) => s.address().port).join(" ")); held.forEach((s) => s.close()); }, 100);
' >"$work/ports"
read -r prometheus alertmanager pager <"$work/ports"

# The listener answers like a chat's webhook and keeps what it was sent.
node -e '
  const fs = require("node:fs");
  require("node:http").createServer((request, response) => {
    let body = "";
    request.on("data", (part) => { body += part; });
    request.on("end", () => { fs.appendFileSync(process.argv[2], `${request.url} ${body}\n`); response.end("ok"); });
  }).listen(Number(process.argv[1]), "127.0.0.1");
' "$pager" "$work/received" &
pids+=($!)

cp -r monitoring/prometheus monitoring/alertmanager "$work"
rm "$work"/prometheus/targets/*
sed -i -e 's/_interval: 15s/_interval: 1s/' -e 's/scrape_timeout: 10s/scrape_timeout: 1s/' \
  -e "s/alertmanager:9093/127.0.0.1:$alertmanager/" -e "s/localhost:9090/127.0.0.1:$prometheus/" "$work/prometheus/prometheus.yml"
printf 'http://127.0.0.1:%s/alerts' "$pager" >"$work/alert-webhook-url"
printf 'http://127.0.0.1:%s/watchdog' "$pager" >"$work/watchdog-webhook-url"
printf 'made-up' >"$work/smtp-password"
sed -i -e "s#/run/secrets/#$work/#" -e "s#smtp.example.com:587#127.0.0.1:1#" "$work/alertmanager/alertmanager.yml"

prometheus-alertmanager --config.file="$work/alertmanager/alertmanager.yml" --storage.path="$work/am" \
  --web.listen-address="127.0.0.1:$alertmanager" --cluster.listen-address= >"$work/alertmanager.log" 2>&1 &
pids+=($!)
prometheus --config.file="$work/prometheus/prometheus.yml" --storage.tsdb.path="$work/data" \
  --web.listen-address="127.0.0.1:$prometheus" >"$work/prometheus.log" 2>&1 &
pids+=($!)

for _ in $(seq 150); do
  if grep -qs '^/alerts .*ServiceDown (page)' "$work/received" && grep -qs '^/watchdog .*Watchdog' "$work/received"; then
    echo 'ServiceDown reached the pager, and the watchdog its switch'
    grep -q 'docs/runbook.md#servicedown' "$work/received"
    exit 0
  fi
  sleep 1
done
echo 'no alert arrived within 150 seconds' >&2
tail -n 5 "$work/prometheus.log" "$work/alertmanager.log" >&2
exit 1
