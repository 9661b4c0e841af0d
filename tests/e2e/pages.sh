#!/usr/bin/env bash
# pages.sh PROGRAM: the practice world's nodes, worked at in a real Chromium by keyboard alone; see
# web/test/nodes. T42: hostile texts, names of people and of files, under the policy that the nodes send. T44: a passkey of
# two devices is lost, and every window of its owner is out.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
[ -d web/node_modules ] || npm --prefix web ci --ignore-scripts --no-audit --no-fund
[ -f build/web/manifest.json ] || npm --prefix web run --silent build
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if COMITY=$program npm --prefix web run --silent nodes >"$log" 2>&1; then
    grep -E '^# (pass|fail) ' "$log"
    exit 0
fi
tail -n 200 "$log"
exit 1
