#!/usr/bin/env bash
# All stories of the practice world, in one world: each ends with what it has shown and a bundle that
# verifies offline, and what is claimed is looked at again from the files that are left. The clock
# that jumps is the practice world's alone: no other node can be given one (T18).
set -u
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "stories: $1"; [ -f "$dir/out" ] && cat "$dir/out"; exit 1; }

world=$dir/world
places=()
timeout 300 "$program" demo --story all --once --dir "$world" > "$dir/out" 2>&1 || fail "a story did not end as it should"
grep -q "^  !" "$dir/out" && fail "something was not proved"
shown() { grep -qF -- "$1" "$dir/out" || fail "not shown: $1"; }
shown "Cordia's opposition stopped the production before it happened"     # N3_
shown "nothing was produced: no node holds a file of evidence"            # N2_
shown "at hour 48 the case was closed by the clock"                       # T03
shown 'raised the alarm "emergency without a judge" by itself'            # R4_
shown "the public record of Arcadia says that one authorisation lapsed"   # R1_
shown "no file of the evidence is left on the disk of Arcadia"            # X5_
shown "Nimbus Mail never learned of the case"                             # X6_
shown "that a notice was overdue in Arcadia was public"                   # R1_
shown "the notice was sent by Arcadia's node itself"                      # T33
shown "an unknown code gets an answer of the same length"                 # T36
shown "the challenge went from Cordia to the court's node"                # R2_
shown "the person reads the ruling and the three attestations"            # R2_
shown "it was dismissed with reasons, which the person reads"             # R2_
[ "$(grep -c 'offline, from files alone' "$dir/out")" -eq 6 ] || fail "a story has no proof"

# From the files alone: the last case, with its evidence; every record; nothing overdue on the last
# day of the world; and reports that hold the cases.
"$program" verify bundle "$world/case.bundle" --evidence "$world/case.evidence" > "$dir/verified" || fail "the last bundle does not verify"
for node in arcadia-authority borealis-authority cordia-authority nimbus-mail inspectorate; do
    "$program" verify record "$world/$node/record" --witnesses "$world/witnesses" > /dev/null || fail "the record of $node does not verify"
    places+=("$world/$node/record")
done
# (Smaller bundles of the same entries lie beside the last one.)
last=$(find "$world/arcadia-authority/record/tile/entries" -type f -printf '%s %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
grep -aq '"how":"lapsed"' "$last" || fail "the record of Arcadia has no lapse"
[ "$(grep -ao '"leaf":"tally"' "$last" | wc -l)" -eq 6 ] || fail "not every case of Arcadia left a tally"
quarter_ended=$(sed -n 's/^ *the quarter ends: it is //p' "$dir/out")
before=$(date -d "$quarter_ended - 1 day" +%F)
# (The cosignatures are of days that have not come for this command, and no witness runs any more.)
"$program" monitor "${places[@]}" --date "$quarter_ended" > "$dir/monitored"
grep -q "nothing is overdue on $quarter_ended" "$dir/monitored" || { cat "$dir/monitored"; fail "something is overdue in the end"; }
# The dates of what is kept longer are public too: a year later the deletions would be overdue.
"$program" monitor "XA=$world/arcadia-authority/record" --date "$(date -d "$before + 2 years" +%F)" | grep -q "XA: overdue" || fail "the monitor sees no deletion that is never done"
if "$program" demo --story nothing --once --dir "$dir/none" > /dev/null 2>&1; then fail "it played a story that is not there"; fi
if "$program" demo --story refused --chaos 1 --once --dir "$dir/none" > /dev/null 2>&1; then fail "chaos is for the ordinary story"; fi

# A node that is no part of a practice world is not given its clock: by no command, no setting and no
# environment. Here a node is taken out of its world, and then out of its federation.
mkdir "$dir/alone" && cp -r "$world/cordia-authority" "$dir/alone/node"
refused() { timeout 60 "$program" "$@" > "$dir/refused" 2>&1 && fail "accepted: $*"; }
because() { grep -q "$1" "$dir/refused" || { cat "$dir/refused"; fail "refused for another reason than: $1"; }; }
refused practice-node --dir "$dir/alone/node"
because "is no node of a practice world: no such world is around it"
echo "practice" > "$dir/alone/.comity-demo"
refused practice-node --dir "$dir/alone/node" # a mark and no clock
because "that world has no clock"
head -c 8 /dev/zero > "$dir/alone/clock"
sed -i 's/^federation = .*/federation = "production"/' "$dir/alone/node/node.toml"
refused practice-node --dir "$dir/alone/node"
because "its federation is production"
refused serve --dir "$dir/alone/node" --clock "$dir/alone/clock"
because "clock"
echo 'clock = "2030-01-01T00:00:00Z"' | cat - "$dir/alone/node/node.toml" > "$dir/toml" && cp "$dir/toml" "$dir/alone/node/node.toml"
refused serve --dir "$dir/alone/node"
because "clock is not a setting"
# The very node of the practice world, served in earnest, does not see the days that have passed.
"$program" serve --dir "$world/cordia-authority" --quiet 2> "$dir/served" &
node=$!
for _ in $(seq 1 100); do [ -S "$world/cordia-authority/control.sock" ] && break; sleep 0.1; done
time=$(curl -s --unix-socket "$world/cordia-authority/control.sock" http://localhost/control/v1/status | grep -o '"time":"[^"]*' | cut -d'"' -f4)
kill "$node"; wait "$node" 2> /dev/null
[[ $time == $(date -u +%F)* ]] || fail "serve goes by another time than the system's: $time"
echo "stories: all as promised"
