#!/usr/bin/env bash
# Shows that a bare Debian 12 is enough: a chroot with nothing but debootstrap's minimal base, a clean
# clone of this repository in it, and there `./run build` (or the command given), which has to install
# all it needs. Then the version of the program it made. Packages come from where this machine's own
# apt takes Debian 12 and its npm takes the rest. Needs root, debootstrap and some 8 GiB.
#
#     scripts/bare.sh FOLDER [COMMAND…]      the folder is made, and is left for a look inside
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:?a folder for the chroot, outside the repository}
shift
[ $# -gt 0 ] || set -- ./run build
[ ! -e "$folder" ] || { echo "$folder is there already" >&2; exit 2; }
say() { printf '==> %s\n' "$*" >&2; }

suite=bookworm
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | awk -v suite="$suite" '$2 == suite { print $1; exit }')
[ -n "$mirror" ] || { echo "this machine's apt has no source for $suite" >&2; exit 2; }

say "debootstrap $suite"
# sudo and a certificate store are no part of a minimal base; ./run works as root and installs the rest.
debootstrap --variant=minbase --include=git "$suite" "$folder" "$mirror" > "$folder.log" 2>&1 || { tail -20 "$folder.log" >&2; exit 1; }
bound=()
leave() { for ((i = ${#bound[@]} - 1; i >= 0; --i)); do umount "${bound[i]}"; done; }
trap leave EXIT
bind() { mount "$@"; bound+=("${!#}"); }
bind -t proc proc "$folder/proc"
bind -t tmpfs tmpfs "$folder/tmp"
bind --bind /dev "$folder/dev"
# The same sources and settings as here, for these suites alone.
cp /etc/resolv.conf /etc/hosts "$folder/etc/"
for suites in "$suite" "$suite-updates" "$suite-security"; do
    apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | awk -v suite="$suites" '$2 == suite { print "deb", $1, suite, "main"; exit }'
done > "$folder/etc/apt/sources.list"
proxy=$(apt-config dump Acquire::http::Proxy)
[ -z "$proxy" ] || echo "$proxy" > "$folder/etc/apt/apt.conf.d/90proxy"

# And packages of npm from where this machine's own npm takes them.
npm config get registry | sed 's/^/registry=/' > "$folder/srv/.npmrc"
authorities=$(npm config get cafile)
if [ -f "$authorities" ]; then
    cp "$authorities" "$folder/srv/authorities.pem"
    echo "cafile=/srv/authorities.pem" >> "$folder/srv/.npmrc"
fi

say "a clean clone"
git clone -q "$root" "$folder/srv/comity"
inside() { chroot "$folder" env -i HOME=/srv PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive bash -c "cd /srv/comity && $*"; }
say "$*"
inside "$*"
inside "build/release/comity --version && build/release/comity law check --law law"
say "a bare $suite is enough"
