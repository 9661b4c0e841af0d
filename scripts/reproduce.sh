#!/usr/bin/env bash
# reproduce.sh: builds what is committed twice, in two directories of different names and without the
# compiler's cache, and says whether program and pages have the same bytes. It takes as long as two
# builds of the release.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
for name in one another-name; do
    git clone --quiet --no-hardlinks "$root" "$place/$name"
    (cd "$place/$name" && CCACHE_DISABLE=1 ./run build >&2)
done
status=0
for file in build/release/comity build/web/manifest.json; do
    if cmp -s "$place/one/$file" "$place/another-name/$file"; then
        echo "same  $(sha256sum <"$place/one/$file" | cut -d' ' -f1)  $file"
    else
        echo "OTHER $file"
        status=1
    fi
done
exit "$status"
