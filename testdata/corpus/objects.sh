#!/bin/bash
# objects.sh DIR [BTF] - build BPF objects of public projects below DIR, to compare with the reference
# over them. repositories.txt, beside this file, says which and how.
#
# The sources are those of Debian's source packages, as their authors released them: without Debian's
# patches; or of Go modules; or commits of repositories on GitHub. apt's own state is not touched: lists and sources
# live under DIR/.sources; the mirror is read from the machine's own apt sources. A version that the mirror has no
# longer gives way to the newest that it has. GITHUB is where OWNER/NAME is fetched from, instead of github.com: a
# URL, or a directory of git repositories.
#
# BTF is a kernel's, in any file that `gobpftool btf dump` reads, such as vmlinuz: vmlinux.h is made of
# it, by gobpftool. It is the running kernel's unless said otherwise. CLANG is the compiler, JOBS how many
# sources are compiled at once.
#
# ONLY is a repository, OWNER/NAME, if the objects of others are not wanted.
#
# DIR/OWNER/NAME gets the objects of the repository OWNER/NAME, called after their sources, and
# made.txt: the tarball, and a line for each source that could not be compiled. What is there already
# is left as it is.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd); TOP=$HERE/../..
DIR=$(realpath -m "$1"); BTF=${2:-/sys/kernel/btf/vmlinux}; SRC=$DIR/.sources; INC=$DIR/.include
CLANG=${CLANG:-clang-19} GITHUB=${GITHUB:-https://github.com}
MOST=60 # files of each list of sources
JOBS=${JOBS:-$(nproc)}
case $(uname -m) in x86_64) arch=x86;; aarch64) arch=arm64;; *) arch=$(uname -m);; esac
mkdir -p "$SRC"/{lists/partial,cache/archives/partial} "$INC/bpf"; : > "$SRC/status"

uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
	grep -oE 'https?://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ')
for s in bookworm trixie sid; do
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $s main"
done > "$SRC/list"
apt=(-qq -o Dir::Etc::sourcelist="$SRC/list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
	-o Dir::State="$SRC" -o Dir::State::lists="$SRC/lists" -o Dir::Cache="$SRC/cache"
	-o Dir::State::status="$SRC/status" -o APT::Sandbox::User=root -o Acquire::Languages=none)

# tarball PACKAGE VERSION - download a package's sources, unless they are there, and name the file.
tarball() {
	local d=$SRC/$1/tar; mkdir -p "$d"; cd "$d"
	if [ -z "$(ls)" ]; then
		[ -n "$(ls "$SRC"/lists/*Sources* 2>/dev/null)" ] || apt-get "${apt[@]}" update >&2
		apt-get "${apt[@]}" source --download-only --tar-only "$1=$2" >&2 ||
			apt-get "${apt[@]}" source --download-only --tar-only "$1" >&2 || return 1
	fi
	find "$d" -name "*.tar.*" ! -name '*.asc' ! -name '*.orig-*' | head -1
}

# unpack PACKAGE VERSION [PART...] - the sources in SRC/PACKAGE/tree, or only those parts of them.
unpack() {
	local tar tree=$SRC/$1/tree
	tar=$(tarball "$1" "$2") && [ -n "$tar" ] || return 1
	shift 2
	if [ ! -d "$tree" ]; then
		rm -rf "$tree.part"; mkdir "$tree.part"
		tar -xf "$tar" -C "$tree.part" --strip-components=1 --wildcards "${@/#/*/}" && mv "$tree.part" "$tree" || return 1
	fi
	tar=${tar##*/}; echo "${tar%.tar.*}"
}

# download MODULE VERSION - a Go module, by way of the module proxy, instead of a package of Debian's.
download() {
	local dir; dir=$(cd "$TOP" && GOWORK=off go mod download -json "$1@$2" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
	[ -n "$dir" ] || return 1
	mkdir -p "$SRC/$1"; ln -sfn "$dir" "$SRC/$1/tree"; echo "$1@$2"
}

# clone OWNER/NAME COMMIT [PART...] - a commit of a repository on GitHub, or only those directories of it; neither its
# history nor its submodules.
clone() {
	local tree=$SRC/github.com/$1/tree commit=$2 url=$GITHUB/$1
	shift 2
	if [ ! -d "$tree" ]; then
		rm -rf "$tree.part"; git init -q "$tree.part"
		(cd "$tree.part" && git remote add origin "$url" && git fetch -q --depth 1 ${1:+--filter=blob:none} origin "$commit" &&
			{ [ $# -eq 0 ] || git sparse-checkout set "$@"; } && git checkout -q "$commit") >&2 && mv "$tree.part" "$tree" || return 1
	fi
	echo "commit ${commit:0:12}"
}

# get - the sources of the stanza that was read last, and what they are called.
get() {
	if [ -n "$module" ]; then download $module; elif [ -n "$github" ]; then clone $github $parts; else unpack $package $parts; fi
}

# compile OUT SOURCE FLAG... - one object, in 60 seconds at most; objects in the tree are taken as they are.
# For each that fails it prints a line.
compile() {
	local out=$1 source=$2 object why; shift 2
	object=$out/$(echo "${source%.*}" | tr / -).o
	[ ! -s "$object" ] || return 0
	case $source in *.o|*.elf) cp "$source" "$object"; return;; esac
	why=$(timeout 60 nice -n 10 "$CLANG" -g -O2 -w -target bpf -mcpu=v3 "-D__TARGET_ARCH_$arch" "-D__$(uname -m)__" "$@" -I"$INC" \
		-I"/usr/include/$(uname -m)-linux-gnu" -c "$source" -o "$object" 2>&1) && return
	rm -f "$object"; echo "failed: $source: $(grep -m1 error <<< "$why" | sed 's/.*error: //')"
}
export -f compile; export CLANG INC arch

# list PATTERN... - the first files.
list() {
	[ $# -eq 0 ] || ls -dU "$@" 2>/dev/null | awk '!seen[$0]++' | head -$MOST
}

# make - the objects of the stanza that was read last.
make() {
	local out=$DIR/$repository made files f from=${package:-${module:-github.com/$github}} tree; tree=$SRC/${from%% *}/tree; mkdir -p "$out"
	made=$(get) || { echo "failed: *: no sources of $from" | tee "$out/made.txt"; return 0; }
	for f in $templates; do sed 's/\${[A-Z_]*}/1/g' "$tree/$f" > "$tree/${f%.in}"; done
	cd "$tree/$root"
	files=$({ list $sources; list $more; list $relocs; } | awk '!seen[$0]++')
	if [ -n "$targets" ]; then
		mkdir -p "$out/targets"
		MOST=1000 list $targets | xargs -P "$JOBS" -d '\n' -I{} bash -c 'compile "$@"' - "$out/targets" {} $flags > /dev/null
	fi
	{ echo "made of: $made"; xargs -P "$JOBS" -d '\n' -I{} bash -c 'compile "$@"' - "$out" {} $flags <<< "$files" | sort; } > "$out/made.txt"
	echo "$repository: $(ls "$out"/*.o 2>/dev/null | wc -l) of $(wc -w <<< "$files")"
}

(cd "$TOP" && CGO_ENABLED=0 go run ./cmd/gobpftool btf dump file "$BTF" format c) > "$INC/vmlinux.h"
repository='' package='' module='' github='' root=. parts='' templates='' sources='' more='' relocs='' targets='' flags=''
while IFS= read -r line; do
	key=${line%%:*} value=${line#*: }
	case $line in
	'#'*) ;;
	'') [ -z "$repository" ] || [ "${ONLY:-$repository}" != "$repository" ] || make; repository='' package='' module='' github='' root=. parts='' templates='' sources='' more='' relocs='' targets='' flags='';;
	headers:*) unpack $value > /dev/null; cp "$SRC/${value%% *}"/tree/src/*.h "$INC/bpf/";;
	repository:*|package:*|module:*|github:*|root:*|parts:*|templates:*|sources:*|more:*|relocs:*|targets:*|flags:*) printf -v "$key" %s "$value";;
	*) echo "repositories.txt: what is '$key'?" >&2; exit 2;;
	esac
done < <(cat "$HERE/repositories.txt"; echo)
