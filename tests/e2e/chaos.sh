#!/usr/bin/env bash
# T10: any node is killed (SIGKILL) at random moments of the case and started again, under twenty seeds:
# the case completes, nothing is lost or doubled, and every record verifies.
set -u
program=$1
seeds=${COMITY_CHAOS_SEEDS:-20}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
for seed in $(seq 1 "$seeds"); do
    if timeout 400 "$program" demo --once --dir "$dir/$seed" --chaos "$seed" > "$dir/out" 2>&1; then
        passed=$((passed + 1))
    else
        echo "seed $seed failed:"
        cat "$dir/out"
        tail -n 5 "$dir/$seed"/*/node.log
    fi
    rm -rf "${dir:?}/$seed"
done
echo "chaos: $passed of $seeds seeds"
[ "$passed" -eq "$seeds" ]
