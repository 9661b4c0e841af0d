#!/usr/bin/env bash
# All stories of the practice world, in one world and within a time limit: each ends with what it has
# shown and a bundle that verifies offline. The clock that jumps is the practice world's alone: no
# other node can be given one (T18).
set -u
program=$1
dir=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2> /dev/null; rm -rf "$dir"' EXIT
fail() { echo "stories: $1"; [ -f "$dir/out" ] && cat "$dir/out"; exit 1; }

timeout 300 "$program" demo --story all --once --dir "$dir/world" > "$dir/out" 2>&1 || fail "a story did not end as it should"
grep -q "^  !" "$dir/out" && fail "something was not proved"
shown() { grep -qF -- "$1" "$dir/out" || fail "not shown: $1"; }
shown "Cordia's opposition stopped the production before it happened"      # N3_
shown "no node holds a file of evidence of this case"                      # N2_
shown "at hour 48 the case was closed by the clock"                        # T03
shown "no file of the evidence is left on the disk"
shown "Nimbus Mail never learned of the case"                              # X6_
shown "the public record of The Joint Inspectorate is consistent with every tile, and cosigned"
[ "$(grep -c 'offline, from files alone' "$dir/out")" -ge 4 ] || fail "a story has no proof"
"$program" verify bundle "$dir/world/case.bundle" > /dev/null || fail "the last bundle does not verify"
if "$program" demo --story nothing --once --dir "$dir/none" > /dev/null 2>&1; then fail "it played a story that is not there"; fi

# A node that is no part of a practice world is not given its clock: by no command, no setting and no
# environment. Here the nodes are taken out of their world, and out of their federation.
mkdir "$dir/alone" && cp -r "$dir/world/cordia-authority" "$dir/alone/node"
refused() { "$program" "$@" > "$dir/refused" 2>&1 && fail "accepted: $*"; }
refused practice-node --dir "$dir/alone/node"
grep -q "is no node of a practice world" "$dir/refused" || fail "refused for another reason"
echo "practice" > "$dir/alone/.comity-demo"
refused practice-node --dir "$dir/alone/node" # a mark and no clock
head -c 8 /dev/zero > "$dir/alone/clock"
sed -i 's/^federation = .*/federation = "production"/' "$dir/alone/node/node.toml"
refused practice-node --dir "$dir/alone/node"
grep -q "its federation is production" "$dir/refused" || fail "refused for another reason"
refused serve --dir "$dir/alone/node" --clock "$dir/alone/clock"
echo 'clock = "2030-01-01T00:00:00Z"' | cat - "$dir/alone/node/node.toml" > "$dir/toml" && cp "$dir/toml" "$dir/alone/node/node.toml"
refused serve --dir "$dir/alone/node"
grep -q "clock is not a setting" "$dir/refused" || fail "refused for another reason"
echo "stories: all as promised"
