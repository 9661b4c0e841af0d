#!/usr/bin/env bash
# bench.sh PROGRAM: every benchmark still runs, and each figure it prints is one. A hundredth of the work is
# done: how quick things are is not asked here.
set -euo pipefail
program=$(realpath "$(dirname "$1")/comity_bench")
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$program" --brief --json >"$out"
python3 - "$out" <<'PYTHON'
import json, sys
figures = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
names = [figure["name"] for figure in figures]
assert len(names) == len(set(names)), "a figure is printed twice"
for figure in figures:
    assert figure["value"] > 0 and figure["limit"] >= 0, figure
    assert figure["ratio"] > 0 or figure["limit"] == 0, figure
for room in ("crypto", "gate", "http", "assess", "law", "procedure", "record", "store", "worklist"):
    assert any(name.startswith(room + ".") for name in names), f"nothing of {room}"
print(len(figures), "figures")
PYTHON
