#!/bin/bash
# kernels.sh DIR SUITE... - download (not install) Debian's newest cloud kernel of each
# suite and unpack it to DIR/SUITE. apt's own state is not touched: lists, cache and sources
# live under DIR/apt; the mirror is read from the machine's own apt sources.
# SUITE: bullseye-security (5.10) bookworm (6.1) trixie (6.12) trixie-backports sid ...
set -eu
DIR=$(realpath -m "$1"); shift; A=$DIR/apt
uri() { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
	grep -oE 'https?://[^ ]+'"$1"'/?( |$)' | head -1 | tr -d ' '; }
KEY=/usr/share/keyrings/debian-archive-keyring.gpg
for s in "$@"; do
	case $s in *-security) u=$(uri /debian-security);; *) u=$(uri /debian);; esac
	B=$A/$s; mkdir -p "$B"/{state/lists/partial,cache/archives/partial,debs}; : > "$B/status"
	echo "deb [signed-by=$KEY] $u $s main" > "$B/list"
	o=(-qq -o Dir::Etc::sourcelist="$B/list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
	   -o Dir::State="$B/state" -o Dir::State::lists="$B/state/lists" -o Dir::Cache="$B/cache"
	   -o Dir::State::status="$B/status" -o APT::Sandbox::User=root -o Acquire::Languages=none)
	apt-get "${o[@]}" update
	want=$(apt-cache "${o[@]}" depends linux-image-cloud-amd64 | awk '/Depends: linux-image-/{print $2; exit}')
	[ -n "$want" ] || { echo "$s: no linux-image-cloud-amd64" >&2; exit 1; }
	# from 6.19 on linux-image-* only names linux-base-, linux-binary- and linux-modules-*
	more=$(apt-cache "${o[@]}" depends "$want" | awk '/Depends: linux-(base|binary|modules)-[0-9]/{print $2}')
	(cd "$B/debs" && rm -f ./*.deb && apt-get "${o[@]}" download $want $more)
	rm -rf "$DIR/$s"; mkdir -p "$DIR/$s"
	for d in "$B"/debs/*.deb; do dpkg -x "$d" "$DIR/$s"; done
	echo "$s $want $(find "$DIR/$s" -name 'vmlinuz*' | head -1)"
done
