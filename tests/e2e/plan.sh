#!/usr/bin/env bash
# `comity plan` as a person uses it: a table in, how many officers out, exit statuses, JSON, and the
# same figures under the same seed.
set -euo pipefail
program="${1:-build/release/comity}"
program="$(realpath "$program")"
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "plan: $*" >&2; exit 1; }
status() { local got=0; "${@:2}" > out 2> err || got=$?; [ "$got" = "$1" ] || { cat out err >&2; fail "status $got, not $1: ${*:2}"; }; }

# One case every eight hours, six hours of work each: one officer's week of 40 hours holds a third of it.
python3 - > cases.csv <<'PY'
import datetime
print("arrived,work")
start = datetime.datetime(2026, 1, 5)
for i in range(60):
    print((start + datetime.timedelta(hours=8 * i)).isoformat() + "Z,PT6H")
PY
status 0 "$program" plan --table cases.csv --target P2D
grep -q "With 4 officers, half of the cases are done within 48" out || grep -q "With 4 officers, half of the cases are done within 2.0 d" out || fail "$(cat out)"
grep -q "grows without end" out || fail "three officers can not do it, and the table does not say so"
[ "$(awk '{ if (length($0) > most) most = length($0) } END { print most }' out)" -le 80 ] || fail "wider than a terminal"
status 0 "$program" plan --table cases.csv --officers 3 --json
python3 - <<'PY'
import json
rows = {row["officers"]: row for row in json.load(open("out"))["rows"]}
assert rows[3]["grows_without_end"] and rows[3]["delay_median"]["minutes"] is None, rows[3]
assert rows[4]["delay_median"]["minutes"] == 1512, rows[4]  # six hours of work are 25.2 of the calendar
PY
status 0 "$program" plan --table cases.csv --week 168 --target PT6H --percentile 90
status 1 "$program" plan --table cases.csv --target PT1H
cp out first
status 1 "$program" plan --table cases.csv --target PT1H
cmp -s out first || fail "the same seed gave other figures"
head -5 cases.csv > few.csv
status 1 "$program" plan --table few.csv
grep -q "4 cases; 10 are the least" err || fail "$(cat err)"
status 1 "$program" plan --table nothing.csv
status 1 "$program" plan --dir nothing
status 1 "$program" plan --table cases.csv --target soon
for wrong in "" "--table cases.csv --dir ." "--table cases.csv --week 0" "--table cases.csv --officers 1001" "--table cases.csv --percentile 60"; do
    # shellcheck disable=SC2086
    status 2 "$program" plan $wrong
done
echo "plan: all as promised"
