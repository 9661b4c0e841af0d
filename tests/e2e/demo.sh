#!/usr/bin/env bash
# The practice world ends by itself with --once, runs a second time in the same place, leaves the
# files that others check, is interrupted without leaving a process behind, and touches nothing
# that it did not make.
set -eu
program=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "demo: $1"; exit 1; }

"$program" demo --once --dir "$dir/world" > "$dir/first"
"$program" demo --once --dir "$dir/world" > "$dir/second"
grep -q "opened, and they are the bytes" "$dir/second" || fail "the second run did not open the evidence"
for file in case.bundle case.evidence demo-keys/recipient.key.pem demo-keys/recipient.cert.pem witnesses \
            arcadia-authority/record/checkpoint arcadia-authority/record/vkey borealis-authority/record/tile/entries; do
    [ -e "$dir/world/$file" ] || fail "$file is missing"
done
"$program" verify record "$dir/world/nimbus-mail/record" --witnesses "$dir/world/witnesses" > /dev/null || fail "a record does not verify"

mkdir "$dir/other" && echo mine > "$dir/other/file"
if "$program" demo --once --dir "$dir/other" > /dev/null 2>&1; then fail "it took a directory that is not its own"; fi
[ "$(cat "$dir/other/file")" = mine ] || fail "it touched a directory that is not its own"

"$program" demo --dir "$dir/long" > "$dir/third" 2>&1 &
demo=$!
for _ in $(seq 1 600); do
    grep -q "until you press Ctrl-C" "$dir/third" && break
    sleep 0.1
done
grep -q "until you press Ctrl-C" "$dir/third" || fail "the world did not stay open"
"$program" case list --dir "$dir/long/borealis-authority" | grep -q "arcadia-authority -> borealis-authority" || fail "case list shows nothing"
"$program" check --dir "$dir/long/arcadia-authority" > "$dir/check" || { cat "$dir/check"; fail "check found something to mend"; }
kill -INT "$demo"
wait "$demo" || fail "the exit status after Ctrl-C is not 0"
sleep 0.5
if pgrep -f "practice-node --dir $dir" > /dev/null; then fail "a node goes on"; fi
if "$program" serve --dir "$dir/nothing" > /dev/null 2>&1; then fail "serve created a node"; fi
echo "demo: all as promised"
