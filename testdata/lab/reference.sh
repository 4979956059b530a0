#!/bin/bash
# reference.sh DIR - bpftool 7.8.0 as Debian packages it, unpacked into DIR and run as DIR/bpftool.
# Installs nothing: apt's lists, cache and sources live under DIR/apt, the packages are unpacked
# into DIR/root, and DIR/bpftool starts the program with that root's own loader and libraries.
# The mirror is read from the machine's own apt sources. This build has no disassembler, no pids
# and no profiler (`bpftool version` shows its features); for everything else it is the reference.
set -eu
DIR=$(realpath -m "$1"); A=$DIR/apt
[ -x "$DIR/bpftool" ] && exec "$DIR/bpftool" version
mkdir -p "$A"/{state/lists/partial,cache/archives/partial} "$DIR/root"; : > "$A/status"
uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
	grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ')
for s in trixie trixie-backports; do
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $s main"
done > "$A/list"
apt=(-qq -o Dir::Etc::sourcelist="$A/list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
	-o Dir::State="$A/state" -o Dir::State::lists="$A/state/lists" -o Dir::Cache="$A/cache"
	-o Dir::State::status="$A/status" -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Install-Recommends=false)
apt-get "${apt[@]}" update
apt-get "${apt[@]}" -y --download-only install bpftool/trixie-backports
for d in "$A"/cache/archives/*.deb; do dpkg -x "$d" "$DIR/root"; done
lib=$DIR/root/usr/lib/$(uname -m)-linux-gnu
printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
	"$(ls "$lib"/ld-linux*.so.*)" "$lib" "$DIR/root/usr/sbin/bpftool" > "$DIR/bpftool"
chmod 755 "$DIR/bpftool"
exec "$DIR/bpftool" version
