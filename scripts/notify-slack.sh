#!/usr/bin/env bash
# notify-slack <text>: to the webhook in SLACK_WEBHOOK; without one it does nothing, and a failure fails nobody's release.
set -euo pipefail
[ -n "${SLACK_WEBHOOK:-}" ] || exit 0
text=${1:?usage: notify-slack <text>}
# A JSON string by hand: backslashes and quotes are all that a branch or tag can hold.
text=${text//\\/\\\\}
text=${text//\"/\\\"}
curl --fail --silent --show-error --max-time 10 --header 'content-type: application/json' \
  --data "{\"text\":\"$text\"}" "$SLACK_WEBHOOK" >/dev/null || echo 'Slack was not told' >&2
