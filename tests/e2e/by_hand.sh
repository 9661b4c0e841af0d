#!/usr/bin/env bash
# A federation set up from the command line alone: passkeys, plans, nodes, a directory signed by two
# members, people enrolled by two, and a request that reaches the other country and is acknowledged.
# A node that is away when it is sent gets it when it is back.
set -eu
program=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$dir"; }
trap stop EXIT
fail() { echo "by hand: $1"; exit 1; }
cd "$dir"

python3 "$root/tests/e2e/support/example_acts.py" "$root" acts request authorise transmit acknowledge

port() { python3 "$root/tests/e2e/support/port.py"; }
plan() { # id kind country oversees witness
    "$program" passkey --out "$1-1.passkey" --host "$1.localhost" > "$1-1.json"
    "$program" passkey --out "$1-2.passkey" --host "$1.localhost" > "$1-2.json"
    cat > "$1.plan" <<JSON
{"participant": "$1", "federation": "test", "kind": "$2", "country": "$3", "oversees": $4, "witness": $5,
 "name_en": "$1", "name_fr": "$1", "host": "$1.localhost", "port": $(port), "law": "$root/law", "languages": ["en", "fr"],
 "offices": [{"id": "desk", "name": "Desk", "roles": ["administrator", "issuing-officer", "central-authority-officer", "response-officer", "inspector"]},
             {"id": "court", "name": "Court", "roles": ["judge"]},
             {"id": "arcadia-cyber-unit", "name": "Unit", "roles": ["issuing-officer"]}],
 "founders": [{"person": "$1-1", "office": "desk", "roles": ["administrator"], "passkey": $(cat "$1-1.json")},
              {"person": "$1-2", "office": "desk", "roles": ["administrator"], "passkey": $(cat "$1-2.json")}]}
JSON
    "$program" init --dir "$1" --plan "$1.plan" > /dev/null
}
plan arcadia authority XA '[]' false
plan borealis authority XB '[]' false
plan mail provider XB '[]' false
plan watch oversight XA '["XA", "XB"]' true
if "$program" init --dir arcadia --plan arcadia.plan > /dev/null 2>&1; then fail "init made a node where one is"; fi

"$program" directory draft --federation test --threshold 2 --witness watch=watch/witness.vkey --out draft --law "$root/law" \
    --participant arcadia/participant.json borealis/participant.json mail/participant.json watch/participant.json
"$program" directory sign --dir arcadia --in draft --out one.jws
"$program" directory sign --dir borealis --in one.jws --out two.jws

serve() { "$program" serve --dir "$1" --quiet & pids+=($!); last=$!; for _ in $(seq 1 200); do [ -S "$1/control.sock" ] && return; sleep 0.05; done; fail "$1 does not start"; }
for node in arcadia mail watch; do serve "$node"; done
if "$program" directory install --dir arcadia one.jws > /dev/null 2>&1; then fail "one signature of two was enough"; fi
for node in arcadia mail watch; do "$program" directory install --dir "$node" two.jws; done

office() { if [ "$1" = judge ]; then echo court; else echo desk; fi; } # a court shares no office with who asks (F7)
enrol() { # node person role
    "$program" passkey --out "$2.passkey" --host "$1.localhost" > /dev/null
    "$program" enrol --dir "$1" --person "$2" --office "$(office "$3")" --role "$3" --passkey "$2.passkey" \
        --by "$1-1=$1-1.passkey" --by "$1-2=$1-2.passkey" > /dev/null
}
enrol arcadia officer issuing-officer
enrol arcadia judge-a judge
enrol arcadia clerk-a central-authority-officer
"$program" passkey --out alone.passkey --host arcadia.localhost > /dev/null
if "$program" enrol --dir arcadia --person alone --office court --role judge --passkey alone.passkey \
    --by arcadia-1=arcadia-1.passkey --by arcadia-1=arcadia-1.passkey > /dev/null 2>&1; then fail "one person enrolled another alone"; fi

act() { "$program" case act --dir "$1" --act "$2" --person "$3" --office "$(office "$4")" --role "$4" --passkey "$3.passkey" --fields "acts/$2.json" "${@:5}"; }
echo '{"requesting": "arcadia", "requested": "borealis", "provider": "mail", "category": "access", "recipient": "arcadia-cyber-unit"}' > opening.json
act arcadia request officer issuing-officer --opening opening.json > request.out
case=$(python3 -c 'import json; print(json.load(open("request.out"))["case"])')
python3 - <<'PY'
import json
fields = json.load(open("acts/authorise.json")); fields["request"] = json.load(open("request.out"))["act"]
json.dump(fields, open("acts/authorise.json", "w"))
PY
if act arcadia authorise officer issuing-officer --case "$case" > /dev/null 2>&1; then fail "an officer authorised"; fi
act arcadia authorise judge-a judge --case "$case" > /dev/null
act arcadia transmit clerk-a central-authority-officer --case "$case" > /dev/null   # borealis is away
"$program" case outbox --dir arcadia | grep -q borealis || fail "nothing waits for borealis"

serve borealis
"$program" directory install --dir borealis two.jws
enrol borealis clerk-b central-authority-officer
for _ in $(seq 1 400); do "$program" case show "$case" --dir borealis 2>/dev/null | grep -q transmitted && break; sleep 0.1; done
act borealis acknowledge clerk-b central-authority-officer --case "$case" > /dev/null
for _ in $(seq 1 200); do "$program" case show "$case" --dir arcadia | grep -q acknowledged && break; sleep 0.1; done
"$program" case show "$case" --dir arcadia | grep -q acknowledged || fail "the acknowledgement did not come back"
for _ in $(seq 1 100); do "$program" case export "$case" --dir arcadia --out bundle > /dev/null 2>&1 && "$program" verify bundle bundle > /dev/null && break; rm -f bundle; sleep 0.1; done
"$program" verify bundle bundle > /dev/null || fail "the bundle does not verify"
# T20: everybody's record over HTTPS, with nothing but the signed directory; then one, with its keys given by hand.
watched=1; for _ in $(seq 1 100); do "$program" monitor --directory two.jws --state seen > monitor.out 2>&1 && watched=0 && break; sleep 0.1; done
[ "$watched" = 0 ] || { cat monitor.out; fail "the monitor does not find the records whole"; }
for node in arcadia borealis mail watch; do grep -q "^$node" monitor.out || fail "the monitor did not see $node"; done
grep -q "nothing is overdue" monitor.out || fail "the monitor finds something overdue"
url="https://arcadia.localhost:$(python3 -c 'import json; print(json.load(open("arcadia.plan"))["port"])')/record"
pin() { openssl x509 -in "$1/keys/tls.cert.pem" -outform der | sha256sum | cut -d' ' -f1; }
"$program" monitor "XA=$url" --pin "$(pin arcadia)" --vkey "$(cat arcadia/record/vkey)" --json > one.json || fail "one record by its URL"
python3 -c 'import json; r = json.load(open("one.json"))["records"]; assert len(r) == 1 and r[0]["size"] > 0, r' || fail "the monitor read nothing"
if "$program" monitor "XA=$url" --pin "$(pin borealis)" --vkey "$(cat arcadia/record/vkey)" > /dev/null 2>&1; then fail "a server with another certificate was believed"; fi
if "$program" monitor "XA=$url" --pin "$(pin arcadia)" --vkey "$(cat borealis/record/vkey)" > /dev/null 2>&1; then fail "a record with another key was believed"; fi
# A report of a quarter that has ended, against the record over HTTPS; a changed one is refused.
"$program" stats --dir arcadia --class requesting --period 2020-Q1 --out report.json || fail "no report was made"
"$program" stats --verify report.json --record "$url" --directory two.jws | grep -q withheld || fail "the report does not verify by URL"
"$program" stats --verify report.json --record "$url" --pin "$(pin arcadia)" --vkey "$(cat arcadia/record/vkey)" > /dev/null || fail "the report does not verify by pins"
sed 's/"cases": 0/"cases": 7/' report.json > false.json
if cmp -s report.json false.json; then fail "the report has no count"; fi
if "$program" stats --verify false.json --record "$url" --directory two.jws > /dev/null 2>&1; then fail "a false report was believed"; fi
if "$program" stats --verify report.json --record "$url" > /dev/null 2>&1; then fail "the key was taken from the server"; fi
if "$program" stats --verify report.json --record "$url" --pin "$(pin mail)" --vkey "$(cat arcadia/record/vkey)" > /dev/null 2>&1; then fail "stats believed another server"; fi
# T22: nothing of what was asked stands in the memory of a node that has nothing to do. Texts of the law pack are everybody's.
cat > scan.py <<'PY'
import json, pathlib, re, sys
def texts(value):
    if isinstance(value, dict): value = list(value.values())
    if isinstance(value, list): return [t for v in value for t in texts(v)]
    return [value[:40]] if isinstance(value, str) and len(value) >= 40 and " " in value else []
law = b"".join(p.read_bytes() for p in (pathlib.Path(sys.argv[1]) / "law").rglob("*.json") if "examples" not in p.parts)
words = {w for f in ("request", "authorise") for w in texts(json.load(open(f"acts/{f}.json"))) if w.encode() not in law}
assert len(words) > 20, len(words)
words = sorted(words)[::3]
seen = 0
for pid in sys.argv[2:]:
    try: lines = open(f"/proc/{pid}/maps").read().splitlines()
    except FileNotFoundError: continue
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in lines:
            span, access, rest = re.match(r"(\S+) (\S+) (.*)", line).groups()
            if not access.startswith("rw") or "[v" in rest: continue
            begin, end = (int(x, 16) for x in span.split("-"))
            if end - begin > 1 << 30: continue # the shadow of a build with sanitizers
            memory.seek(begin)
            data = memory.read(end - begin)
            seen += len(data)
            for word in words:
                if word.encode() in data: sys.exit(f"{open(f'/proc/{pid}/cmdline').read()!r} holds {word!r} at {span} {rest}")
assert seen > 1 << 24, "hardly any memory was read"
PY
sleep 2
python3 scan.py "$root" "${pids[@]}" || fail "content lies in the memory of an idle node"
# The history of one case is read, and is too little to plan with.
"$program" plan --dir arcadia 2>&1 | grep -q "there are 1 cases; 10 are the least" || fail "plan does not read the node's history"
if "$program" serve --dir arcadia --quiet > /dev/null 2>&1; then fail "two processes opened one node"; fi
# A node does not start on a law pack that is broken, and says which file, record and field.
cp -r "$root/law" law
sed -i 's#"law": ".*/law", "lang#"law": "'"$PWD"'/law", "lang#' watch.plan
sed 's/"participant": "watch"/"participant": "late"/' watch.plan > late.plan
"$program" init --dir late --plan late.plan > /dev/null
python3 - <<'PY'
import json
data = json.load(open("law/instruments.json"))
data["records"][0]["parties"][0]["country"] = "QQ"
json.dump(data, open("law/instruments.json", "w"))
PY
if timeout 20 "$program" serve --dir late --quiet > /dev/null 2> broken.err; then fail "a node started on a broken law pack"; fi
grep -q "instruments.json" broken.err && grep -q "QQ" broken.err || fail "the refusal does not say where: $(cat broken.err)"
echo "by hand: all as promised"
