#!/usr/bin/env bash
# founders.sh PROGRAM: a node that begins with nobody on its roll. T02: its first two people come by links that work once and by the
# codes that they read; then the directory names them, and they enrol a third through the pages alone.
set -eu
. "$(dirname "$0")/support/solo.sh"
plan central-authority-officer
if "$program" init --dir node --plan plan.json > /dev/null 2>&1; then fail "a node was made that nobody can enrol on"; fi
plan administrator
"$program" init --dir node --plan plan.json > init.out
grep -q "founders invite" init.out || fail "init does not say how to go on"
draft() { rm -f draft; "$program" directory draft --federation test --threshold 1 --number 1 --out draft --law "$root/law" --participant node/participant.json; }
if draft > /dev/null 2>&1; then fail "a directory was drafted of a participant without founders"; fi

"$program" serve --dir node --quiet & pids+=($!)
for _ in $(seq 1 200); do [ -S node/control.sock ] && break; sleep 0.05; done
origin="https://sign.solo.localhost:$port"
people() { python3 "$root/tests/e2e/support/people.py" "$@"; }
link() { python3 -c 'import json, sys; print({i["person"]: i["link"] for i in json.load(sys.stdin)["invited"]}[sys.argv[1]])' "$1"; }
"$program" founders invite --dir node --json > links.json
ada=$(link ada < links.json)
[ "${ada#"$origin"/enrol#}" != "$ada" ] || fail "the link is to $ada"
code_ada=$(people register "$origin" "$ada" ada)
if people register "$origin" "$ada" eve > /dev/null 2>&1; then fail "a link worked twice"; fi
old=$(link bo < links.json)
"$program" founders invite --dir node --json > more.json
if people register "$origin" "$old" eve > /dev/null 2>&1; then fail "a link worked that another one replaced"; fi
code_eve=$(people register "$origin" "$(link bo < more.json)" eve)
# Somebody else used that link: Bo has another code to read, or none.
if "$program" founders confirm --dir node --code "ada=$code_ada" --code "bo=$code_ada" > /dev/null 2>&1; then fail "a wrong code was taken"; fi
"$program" founders invite --dir node --again bo --json > again.json
code_bo=$(people register "$origin" "$(link bo < again.json)" bo)
if "$program" founders confirm --dir node --code "ada=$code_ada" --code "bo=$code_eve" > /dev/null 2>&1; then fail "the code of before was taken"; fi
"$program" founders show --dir node | grep -c key-registered | grep -qx 2 || fail "both have not made their passkeys"
"$program" founders confirm --dir node --code "ada=$code_ada" --code "bo=$code_bo" > /dev/null
"$program" founders confirm --dir node --code "ada=$code_ada" --code "bo=$code_bo" > /dev/null || fail "the same codes again were an error"
if "$program" founders invite --dir node > /dev/null 2>&1; then fail "links were made for founders who are on the roll"; fi
[ "$(python3 -c 'import json; print(len(json.load(open("node/participant.json"))["founders"]))')" = 4 ] || fail "participant.json does not name four entries"

if people sign-in "$origin" ada > /dev/null 2>&1; then fail "somebody signed in before the directory named them"; fi
draft
"$program" directory sign --dir node --in draft --out signed.jws
"$program" directory install --dir node signed.jws
people sign-in "$origin" ada | grep -q '"Ada"' || fail "the founder does not sign in"
UNTIL=$(date -u -d '+200 days' +%Y-%m-%dT%H:%M:%SZ); export UNTIL
kari=$(people invite "$origin" ada kari desk central-authority-officer)
people register "$origin" "$kari" kari > /dev/null
if people sign-in "$origin" kari > /dev/null 2>&1; then fail "somebody signed in whom nobody approved"; fi
[ "$(people approve "$origin" ada kari)" = approved-once ] || fail "the first approval"
[ "$(people approve "$origin" bo kari)" = enrolled ] || fail "the second approval"
people sign-in "$origin" kari | grep -q central-authority-officer || fail "the third person does not sign in"
echo "founders: all as promised"
