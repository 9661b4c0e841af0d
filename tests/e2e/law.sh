#!/usr/bin/env bash
# `comity law` as a person uses it: what the answers say, exit statuses, widths, JSON; a pack that is broken
# is refused by each command with its place.
set -euo pipefail
program="${1:-build/release/comity}"
program="$(realpath "$program")"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
dir="$(mktemp -d)"
trap 'rm -rf "$dir"' EXIT
fail() { echo "law: $*" >&2; exit 1; }
status() { local got=0; "${@:2}" > "$dir/out" 2> "$dir/err" || got=$?; [ "$got" = "$1" ] || { cat "$dir/out" "$dir/err" >&2; fail "status $got, not $1: ${*:2}"; }; }

# says TEXT…: the answer has each of these texts, whatever the line breaks, and fits a terminal.
says() {
    local text flat
    flat="$(tr -s ' \n' ' ' < "$dir/out")"
    for text in "$@"; do
        case "$flat" in *"$text"*) ;; *) cat "$dir/out" >&2; fail "the answer does not say: $text" ;; esac
    done
    # A word longer than a line, such as an address, stands alone on it. Bytes are counted, so there is some room.
    awk 'length($0) > 130 && $0 !~ /https?:/ { print; bad = 1 } END { exit bad }' "$dir/out" || fail "wider than a terminal"
}
status 0 "$program" law between XA XB --category access --offence computer-fraud --date 2026-03-01 --law "$here/law"
says "Arcadia asks Borealis, on 2026-03-01, category access, offence computer-fraud" "xa-xb-mlat-2011" \
    "since 2012-03-01" "offence listed at Art. Annex" "emergency 13" "Federal Office of Justice of Borealis" \
    "who may authorise investigating judge" "longest retention P548D" "remedy court Chambre d’accusation" \
    "notice within P30D" "three-shores-2024 offence not listed" "CLOCKS" "three-shores-rights-1975"
status 0 "$program" law between Arcadia Cordie --date 2026-03-01 --law "$here/law"
says "Arcadia asks Cordia" "northern-mla-1998 signed only: XA has signed it" "only for the offences it lists" \
    "who may authorise court, investigating judge" "longest retention P180D" "every category"
status 0 "$program" law between FR US --category content --offence fraud --date 2026-03-01 --law "$here/law"
says "eu-us-mla-2003" "bilateral-fr-us" "its articles were not read" "budapest-185" \
    "budapest-2ap-224 signed only" "untoc-2000 offence not listed" "reciprocity"
status 0 "$program" law between hk us --category subscriber --date 2026-03-01 --law "$here/law"
says "bilateral-hk-us suspended"
status 0 "$program" law gaps --country DE --date 2026-03-01 --most 12 --law "$here/law"
says "197 pairs of real countries on 2026-03-01" "GAPS (12 of"
status 0 "$program" law gaps --by-demand --date 2026-03-01 --most 20 --law "$here/law"
says "19503 pairs of real countries" "no binding instrument 436" "only for listed offences 15188" "69363 requests"

status 0 "$program" law gaps --json --all --date 2026-03-01 --law "$here/law"
python3 - "$dir/out" <<'PY'
import json, sys
table = json.load(open(sys.argv[1]))
assert table["pairs"] == 19503 == table["none"] + table["only_listed"] + table["any_offence"], table["pairs"]
assert len(table["gaps"]) == table["none"] + table["only_listed"]
PY
status 0 "$program" law between XA XB --json --date 2026-03-01 --law "$here/law"
python3 - "$dir/out" <<'PY'
import json, sys
answer = json.load(open(sys.argv[1]))
assert [bond["id"] for bond in answer["binds"]] == ["xa-xb-mlat-2011", "three-shores-2024"], answer["binds"]
assert {r["category"] for r in answer["requirements"]} == {"preservation", "subscriber", "access", "traffic", "content"}
PY

status 2 "$program" law between FR Atlantis --law "$here/law"
grep -q 'the country "Atlantis"' "$dir/err" || fail "$(cat "$dir/err")"
status 2 "$program" law between FR US --date 2026-02-30 --law "$here/law"
status 2 "$program" law between FR US --category everything --law "$here/law"
status 2 "$program" law between FR US --offence misdeeds --law "$here/law"
status 2 "$program" law between FR FR --law "$here/law"
status 2 "$program" law gaps --country XA --law "$here/law"

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
# The whole pack: counts of what is there and what is not known, and every procedure explored.
status 0 "$program" law check --law "$here/law"
says "bilateral treaties 269" "NOT KNOWN" "mla (category any, third false)" "all invariants hold"
echo "law: answers, gaps, differences and refusals are as they should be"
