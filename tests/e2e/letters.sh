#!/usr/bin/env bash
# Letters from a running node: the act as PDF with its words and its machine-readable form inside, the
# receipt, the custody; what a node may not read, it does not print.
set -euo pipefail
comity=$1
dir=$(mktemp -d)
trap 'kill "${demo:-0}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$dir"' EXIT
fail() { echo "letters.sh: $*" >&2; exit 1; }

"$comity" demo --dir "$dir/world" >"$dir/demo.log" 2>&1 &
demo=$!
for _ in $(seq 600); do
    if grep -q 'until you press Ctrl-C' "$dir/demo.log"; then break; fi
    kill -0 "$demo" 2>/dev/null || { cat "$dir/demo.log"; fail "the demo ended"; }
    sleep 0.1
done
case=$(grep -o 'about case [a-z2-7]*' "$dir/demo.log" | head -1 | cut -d' ' -f3)
borealis=$dir/world/borealis-authority
nimbus=$dir/world/nimbus-mail

"$comity" case letter "$case" --dir "$borealis" --act 1 --languages en,fr --out "$dir/request.pdf" >/dev/null
pdftotext "$dir/request.pdf" "$dir/request.txt"
grep -q 'Données demandées' "$dir/request.txt" || fail "the request's letter is not in French"
grep -q 'PA-CY-2026-00417' "$dir/request.txt" || fail "the request's letter lacks its file number"
# Who writes is called as each language calls them, and the role of who approved it too.
flat() { tr '\n' ' ' < "$1" | tr -s ' '; }
flat "$dir/request.txt" | grep -q 'Arcadia / Arcadie' || fail "the request's letter does not name the participant in both languages"
flat "$dir/request.txt" | grep -q 'Cybercrime Unit of Port Alder / Brigade de cybercriminalité de Port Alder' || fail "the request's letter does not name the office in both languages"
flat "$dir/request.txt" | grep -q 'agent d’émission' || fail "the request's letter does not name the role in French"
if grep -q 'issuing-officer' "$dir/request.txt"; then fail "the request's letter has a role's code"; fi
"$comity" case letter "$case" --dir "$borealis" --act 1 --languages ar,fr --out "$dir/arabic.pdf" >/dev/null
pdftotext "$dir/arabic.pdf" - | tr '\n' ' ' | grep -q 'Brigade de cybercriminalité' || fail "the Arabic letter has no office"
pdfdetach -list "$dir/request.pdf" | grep -q request.json || fail "the request does not travel in its letter"

"$comity" case letter "$case" --dir "$borealis" --act receipt-3 --languages fr,ar --out "$dir/receipt.pdf" >/dev/null
pdftotext "$dir/receipt.pdf" - | grep -q 'Accusé de réception' || fail "no receipt"
"$comity" case letter "$case" --dir "$borealis" --act custody --out "$dir/custody.pdf" >/dev/null
pdftotext "$dir/custody.pdf" - | grep -q 'logins.csv' || fail "no custody"

# The same letter twice is the same file.
"$comity" case letter "$case" --dir "$borealis" --act 1 --languages en,fr --out "$dir/again.pdf" >/dev/null
cmp "$dir/request.pdf" "$dir/again.pdf"

# A provider never sees the facts of the case; a letter is no way round that.
if "$comity" case letter "$case" --dir "$nimbus" --act 1 --out "$dir/never.pdf" 2>"$dir/refused"; then
    fail "the provider printed the request"
fi
grep -q 'not for this node' "$dir/refused" || fail "the refusal does not say why: $(cat "$dir/refused")"
if "$comity" case letter "$case" --dir "$borealis" --act 99 --out "$dir/never.pdf" 2>/dev/null; then fail "act 99"; fi
if "$comity" case letter "$case" --dir "$borealis" --act 1x --out "$dir/never.pdf" 2>/dev/null; then fail "act 1x"; fi
if "$comity" case letter "$case" --dir "$borealis" --act 1 --languages 'en,f;r' --out "$dir/never.pdf" 2>/dev/null; then fail "languages"; fi
[ ! -e "$dir/never.pdf" ] || fail "a refused letter left a file"
echo "letters.sh: request, receipt and custody printed; the provider's was refused"
