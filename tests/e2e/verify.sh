#!/bin/sh
# T20: the offline checker against a whole exchange: what a run of three countries exported passes, and no
# byte of it can be changed. Evidence also opens with nothing but the openssl command.
# Usage: tests/e2e/verify.sh PROGRAM
set -eu

program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run="$work/d"

"$program" demo --once --dir "$run" >"$work/demo.log" 2>&1 || { cat "$work/demo.log"; exit 1; }

fail() { echo "verify.sh: $1" >&2; exit 1; }

echo "- what was exported is genuine"
"$program" verify bundle "$run/case.bundle" --evidence "$run/case.evidence" || fail "a genuine bundle was refused"
records=0
for checkpoint in "$run"/*/record/checkpoint; do
    "$program" verify record "$(dirname "$checkpoint")" --witnesses "$run/witnesses" || fail "a genuine record was refused"
    records=$((records + 1))
done
[ "$records" -gt 0 ] || fail "the run left no record"

echo "- one byte changed is found, wherever it is"
python3 - "$program" "$run" <<'PYTHON'
import os, random, subprocess, sys

program, run = sys.argv[1:]
seed = int(os.environ.get("SEED", "20260301"))
print(f"  seed {seed}")
rng = random.Random(seed)
bundle = f"{run}/case.bundle"
evidence = f"{run}/case.evidence"
check_bundle = [program, "verify", "bundle", bundle, "--evidence", evidence]


def flip(path, command, positions):
    with open(path, "rb") as file:
        genuine = file.read()
    assert genuine, f"{path} is empty"
    for at in positions(len(genuine)):
        changed = bytearray(genuine)
        mask = rng.randrange(1, 256)
        changed[at] ^= mask
        with open(path, "wb") as file:
            file.write(changed)
        out = subprocess.run(command, capture_output=True)
        if out.returncode != 1 or not out.stdout.strip():
            sys.exit(f"{path}: byte {at} xor {mask}: exit {out.returncode}, {out.stdout!r} {out.stderr!r}")
    with open(path, "wb") as file:
        file.write(genuine)


def some(count):
    return lambda size: [rng.randrange(size) for _ in range(count)]


flip(bundle, check_bundle, some(150))
# The second line is short beside the first: it gets its own share, with the ends of both lines.
size = os.path.getsize(bundle)
with open(bundle, "rb") as file:
    first = file.read().index(b"\n")
flip(bundle, check_bundle, lambda _: [first, size - 1] + [rng.randrange(first + 1, size) for _ in range(30)])

files = sorted(name for name in os.listdir(evidence))
assert files, "the run left no evidence"
changed = 0
for name in rng.sample(files, min(6, len(files))):
    if os.path.getsize(f"{evidence}/{name}") == 0:
        continue
    flip(f"{evidence}/{name}", check_bundle, some(4))
    changed += 1
assert changed, "no file of evidence was changed"

records = [f"{run}/{node}/record" for node in sorted(os.listdir(run))
           if os.path.exists(f"{run}/{node}/record/checkpoint")]
for record in records:
    command = [program, "verify", "record", record, "--witnesses", f"{run}/witnesses"]
    tiles = [os.path.join(at, name) for at, _, names in os.walk(record) for name in names]
    for path in sorted(rng.sample(sorted(tiles), min(5, len(tiles)))) + [f"{record}/checkpoint"]:
        flip(path, command, some(3))

for command in (check_bundle,):
    if subprocess.run(command, capture_output=True).returncode != 0:
        sys.exit("the bundle is not genuine any more: a change was not undone")
PYTHON

echo "- an exporter who forges and seals again is found out"
python3 "$(dirname "$0")/verify_forged.py" "$program" "$run"

echo "- evidence opens with openssl alone, to the bytes the provider produced"
opened=0
while read -r plain cipher; do
    [ -n "$plain" ] || continue
    for envelope in "$run"/case.evidence/*; do
        [ "$(basename "$envelope")" != "$cipher" ] || continue
        if openssl cms -decrypt -inform DER -in "$envelope" -content "$run/case.evidence/$cipher" -binary \
            -inkey "$run/demo-keys/recipient.key.pem" -recip "$run/demo-keys/recipient.cert.pem" \
            -out "$work/plain" 2>/dev/null; then
            [ "$(sha256sum <"$work/plain" | cut -d' ' -f1)" = "$plain" ] || fail "$cipher opens to other bytes"
            opened=$((opened + 1))
            break
        fi
    done
done <"$run/demo-keys/evidence.sha256"
[ "$opened" -eq "$(grep -c . "$run/demo-keys/evidence.sha256")" ] || fail "not every item opened"
[ "$opened" -gt 0 ] || fail "no item is listed"

"$program" verify bundle "$run/case.bundle" --evidence "$run/case.evidence" \
    --key "$run/demo-keys/recipient.key.pem" --cert "$run/demo-keys/recipient.cert.pem" ||
    fail "the recipient's key does not open the evidence"
echo "- done: $opened items opened"
