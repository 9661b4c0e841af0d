#!/usr/bin/env bash
# A running node whose disk fills up, and one whose disk is read-only: the words are clear, what was
# acknowledged stays, and it goes on when there is room again. The disk is a small tmpfs.
set -eu
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${COMITY_OWN_MOUNTS:-}" = "" ]; then
    # Mounts of our own, which end with us; without the right to have them there is no such disk.
    if [ "$(id -u)" -eq 0 ]; then own=(unshare --mount); else own=(unshare --user --map-root-user --mount); fi
    if ! "${own[@]}" true 2>/dev/null; then echo "disk: no small disk can be mounted here; tests/store shows the same for the store"; exit 0; fi
    COMITY_OWN_MOUNTS=1 exec "${own[@]}" bash "$0" "$program"
fi
dir=$(mktemp -d)
node=
stop() { [ -z "$node" ] || kill -9 "$node" 2>/dev/null || true; wait 2>/dev/null || true; umount "$dir/disk" 2>/dev/null || true; rm -rf "$dir"; }
trap stop EXIT
fail() { echo "disk: $1"; [ ! -f "$dir/log" ] || tail -5 "$dir/log"; exit 1; }
cd "$dir"
mkdir disk
mount -t tmpfs -o size=24m,mode=0700 small disk

python3 "$root/tests/e2e/support/example_acts.py" "$root" . request

port() { python3 "$root/tests/e2e/support/port.py"; }
plan() { # directory id kind country oversees
    for n in 1 2; do "$program" passkey --out "$2-$n.passkey" --host "$2.localhost" > "$2-$n.json"; done
    cat > "$2.plan" <<JSON
{"participant": "$2", "federation": "test", "kind": "$3", "country": "$4", "oversees": $5, "name_en": "$2", "name_fr": "$2",
 "host": "$2.localhost", "port": $(port), "law": "$root/law", "languages": ["en", "fr"],
 "offices": [{"id": "desk", "name": "Desk", "roles": ["administrator", "issuing-officer", "response-officer", "inspector"]},
             {"id": "arcadia-cyber-unit", "name": "Unit", "roles": ["issuing-officer"]}],
 "founders": [{"person": "$2-1", "office": "desk", "roles": ["administrator", "issuing-officer"], "passkey": $(cat "$2-1.json")},
              {"person": "$2-2", "office": "desk", "roles": ["administrator"], "passkey": $(cat "$2-2.json")}]}
JSON
    "$program" init --dir "$1" --plan "$2.plan" > /dev/null
}
plan disk/arcadia arcadia authority XA '[]'
plan borealis borealis authority XB '[]'
plan mail mail provider XB '[]'
plan watch watch oversight XA '["XA", "XB"]'
"$program" directory draft --federation test --threshold 1 --out draft --law "$root/law" \
    --participant disk/arcadia/participant.json borealis/participant.json mail/participant.json watch/participant.json
"$program" directory sign --dir disk/arcadia --in draft --out one.jws
echo '{"requesting": "arcadia", "requested": "borealis", "provider": "mail", "category": "access", "recipient": "arcadia-cyber-unit"}' > opening.json

serve() {
    rm -f disk/arcadia/control.sock
    "$program" serve --dir disk/arcadia 2>>log & node=$!
    for _ in $(seq 1 200); do [ -S disk/arcadia/control.sock ] && return; sleep 0.05; done
    fail "the node does not start"
}
request() {
    "$program" case act --dir disk/arcadia --act request --person arcadia-1 --office desk --role issuing-officer \
        --passkey arcadia-1.passkey --fields request.json --opening opening.json > out 2>&1
}
# What was acknowledged, by the acts' hashes, and what the node has.
acknowledged() { python3 -c 'import json; print(json.load(open("out"))["case"])' >> acknowledged; }
all_there() {
    "$program" case list --dir disk/arcadia > list
    while read -r case; do grep -q "$case" list || fail "case $case was acknowledged and is not there ($1)"; done < acknowledged
}
fill() { # until an act is no longer taken
    cat /dev/zero > disk/ballast 2>/dev/null || true
    for _ in $(seq 1 300); do
        if ! request; then return; fi
        acknowledged
    done
    fail "the disk is full and acts are still taken"
}

serve
"$program" directory install --dir disk/arcadia one.jws
for _ in 1 2 3; do request || fail "an act is refused: $(cat out)"; acknowledged; done

fill
grep -q "disk is full: nothing of this was written" log || fail "the log does not say that the disk is full"
grep -qi "nothing was done\|disk is full" out || fail "the caller is not told: $(cat out)"
kill -0 "$node" || fail "the node has ended"
all_there "while full"
rm disk/ballast
for _ in $(seq 1 50); do if request; then break; fi; sleep 0.1; done
acknowledged || fail "it does not go on when there is room: $(cat out)"
all_there "with room again"

fill
kill -9 "$node"; wait "$node" 2>/dev/null || true
rm disk/ballast
serve
all_there "after a crash on a full disk"
request || fail "no act after the crash: $(cat out)"
acknowledged
kill "$node"; wait "$node" || fail "the node does not stop in order"

mount -o remount,ro disk
if timeout 20 "$program" serve --dir disk/arcadia > readonly 2>&1; then fail "it serves from a read-only disk"; fi
grep -qi "read-only" readonly || fail "it does not say that the disk is read-only: $(cat readonly)"
mount -o remount,rw disk
serve
all_there "after the read-only disk"
request || fail "no act after the read-only disk: $(cat out)"
acknowledged
# The record holds a leaf for each act, in the order of the node, without a gap.
for _ in $(seq 1 100); do
    size=$(sed -n 2p disk/arcadia/record/checkpoint 2>/dev/null || echo 0)
    [ "${size:-0}" -gt "$(wc -l < acknowledged)" ] && break
    sleep 0.1
done
[ "${size:-0}" -gt "$(wc -l < acknowledged)" ] || fail "the record has $size leaves for $(wc -l < acknowledged) acts"
"$program" verify record disk/arcadia/record > /dev/null || fail "the record does not verify"
echo "disk: all as promised"
