#!/usr/bin/env bash
# `comity law` as a person uses it: answers held against the golden ones in tests/vectors/law, exit statuses,
# widths, JSON; a pack that is broken is refused by each command with its place. `law.sh PROGRAM --write`
# writes the golden answers anew, to be read before they are committed.
set -euo pipefail
program="${1:-build/release/comity}"
program="$(realpath "$program")"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
golden="$here/tests/vectors/law"
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
fail() { echo "law: $*" >&2; exit 1; }
status() { local got=0; "${@:2}" > "$dir/out" 2> "$dir/err" || got=$?; [ "$got" = "$1" ] || { cat "$dir/out" "$dir/err" >&2; fail "status $got, not $1: ${*:2}"; }; }

# The digest of the pack is the one line that any change of the law changes.
same() {
    local name=$1
    shift
    status 0 "$program" law "$@" --law "$here/law"
    sed -E 's/^(law )?pack [A-Za-z0-9_-]{43}$/\1pack DIGEST/' "$dir/out" > "$dir/$name"
    if [ "${write:-}" = --write ]; then mkdir -p "$golden"; cp "$dir/$name" "$golden/$name"; fi
    diff -u "$golden/$name" "$dir/$name" || fail "$name is not as it was"
    # A word longer than a line, such as an address, stands alone on it.
    awk 'length($0) > 130 && NF > 1 && $0 !~ /https?:/ { print; bad = 1 } END { exit bad }' "$dir/$name" || fail "$name is wider than a terminal"
}
write="${2:-}"
same between-xa-xb.txt between XA XB --category access --offence computer-fraud --date 2026-03-01
same between-xa-xc.txt between Arcadia Cordie --date 2026-03-01
same between-fr-us.txt between FR US --category content --offence fraud --date 2026-03-01
same between-hk-us.txt between hk us --category subscriber --date 2026-03-01
same gaps-de.txt gaps --country DE --date 2026-03-01 --most 12
same gaps-by-demand.txt gaps --by-demand --date 2026-03-01 --most 20

status 0 "$program" law gaps --json --all --date 2026-03-01
python3 - "$dir/out" <<'PY'
import json, sys
table = json.load(open(sys.argv[1]))
assert table["pairs"] == 19503 == table["none"] + table["only_listed"] + table["any_offence"], table["pairs"]
assert len(table["gaps"]) == table["none"] + table["only_listed"]
PY
status 0 "$program" law between XA XB --json --date 2026-03-01
python3 - "$dir/out" <<'PY'
import json, sys
answer = json.load(open(sys.argv[1]))
assert [bond["id"] for bond in answer["binds"]] == ["xa-xb-mlat-2011", "three-shores-2024"], answer["binds"]
assert {r["category"] for r in answer["requirements"]} == {"preservation", "subscriber", "access", "traffic", "content"}
PY

status 2 "$program" law between FR Atlantis
grep -q 'the country "Atlantis"' "$dir/err" || fail "$(cat "$dir/err")"
status 2 "$program" law between FR US --date 2026-02-30
status 2 "$program" law between FR US --category everything
status 2 "$program" law between FR US --offence misdeeds
status 2 "$program" law between FR FR
status 2 "$program" law gaps --country XA

status 0 "$program" law diff "$here/law" "$here/law"
grep -q "No difference" "$dir/out" || fail "$(cat "$dir/out")"
cp -r "$here/law" "$dir/pack"
chmod -R u+w "$dir/pack"
python3 - "$dir/pack/instruments.json" <<'PY'
import json, sys
data = json.load(open(sys.argv[1]))
next(r for r in data["records"] if r["id"] == "xa-xb-mlat-2011")["in_force"] = "2013-01-01"
json.dump(data, open(sys.argv[1], "w"), ensure_ascii=False, indent=2)
PY
status 1 "$program" law diff "$here/law" "$dir/pack"
grep -q 'xa-xb-mlat-2011 in_force: "2012-03-01" -> "2013-01-01"' "$dir/out" || fail "$(cat "$dir/out")"

# A floor that was lowered: nothing is answered from such a pack.
sed -i 's/"P5Y"/"P50Y"/' "$dir/pack/floor.json"
for command in "check" "between XA XB" "gaps"; do
    # shellcheck disable=SC2086
    status 1 "$program" law $command --law "$dir/pack"
    grep -q "floor.json has the digest" "$dir/err" || fail "$(cat "$dir/err")"
done
echo "law: answers, gaps, differences and refusals are as they should be"
