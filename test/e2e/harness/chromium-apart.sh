#!/usr/bin/env bash
# Chromium in a network of its own, in which one port leads to a socket that its caller listens on; both end together.
#
#   WAY=/tmp/edge.sock PORT=8443 chromium-apart.sh [what Chromium is told]
set -euo pipefail

exec unshare --net --pid --fork --kill-child --mount-proc -- bash -c '
  ip link set lo up
  socat "TCP-LISTEN:$PORT,bind=127.0.0.1,fork,reuseaddr" "UNIX-CONNECT:$WAY" &
  exec /usr/bin/chromium "$@"' chromium "$@"
