# To be sourced, with the program's path as the first argument of the script: a directory of its own, what ends with the script, and
# the plan of a node that stands alone.
program=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
name=$(basename "$0" .sh)
dir=$(mktemp -d)
pids=()
stop() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$dir"; }
trap stop EXIT
fail() { echo "$name: $1"; exit 1; }
cd "$dir"
free_port() { python3 "$root/tests/e2e/support/port.py"; }
port=$(free_port)
plan() { # second founder's role
    cat > plan.json <<JSON
{"participant": "solo", "federation": "test", "kind": "authority", "country": "XA", "name_en": "Solo", "name_fr": "Solo",
 "host": "solo.localhost", "port": $port, "law": "$root/law", "pages": "", "languages": ["en"],
 "offices": [{"id": "desk", "name": "Desk", "roles": ["central-authority-officer"]}],
 "founders": [{"person": "ada", "name": "Ada", "office": "desk", "roles": ["administrator"]},
              {"person": "bo", "office": "desk", "roles": ["$1"]}]}
JSON
}
