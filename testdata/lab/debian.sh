# debian.sh - shell functions of the lab: programs of Debian, unpacked beside the project.
# Nothing is installed: apt's lists, cache and sources live under DIR/apt, the packages are
# unpacked into DIR/root, and DIR/PROGRAM starts the program with that root's own loader and
# libraries. The mirror is read from the machine's own apt sources.

# unpack DIR SUITES PACKAGE - unpack a package, and what it depends on, into DIR/root.
unpack() {
	local dir=$1 suites=$2 package=$3 a=$1/apt s d uri
	mkdir -p "$a"/{state/lists/partial,cache/archives/partial} "$dir/root"; : > "$a/status"
	uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
		grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ')
	for s in $suites; do
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $s main"
	done > "$a/list"
	local apt=(-qq -o Dir::Etc::sourcelist="$a/list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
		-o Dir::State="$a/state" -o Dir::State::lists="$a/state/lists" -o Dir::Cache="$a/cache"
		-o Dir::State::status="$a/status" -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Install-Recommends=false)
	apt-get "${apt[@]}" update
	apt-get "${apt[@]}" -y --download-only install "$package"
	for d in "$a"/cache/archives/*.deb; do dpkg -x "$d" "$dir/root"; done
}

# start DIR PROGRAM - make DIR/NAME, which starts DIR/root/PROGRAM; NAME is its last part.
start() {
	local dir=$1 program=$2 lib=$1/root/usr/lib/$(uname -m)-linux-gnu
	printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
		"$(ls "$lib"/ld-linux*.so.*)" "$lib" "$dir/root/$program" > "$dir/${program##*/}"
	chmod 755 "$dir/${program##*/}"
}
