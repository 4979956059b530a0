#!/bin/sh
# loads.sh REFERENCE TOOL PROGS OUT OBJECT... - load each OBJECT with both tools, all its programs, each into a
# bpffs of its own, and attach nothing. PROGS is what progs.bpf.c was compiled to.
#
# Of NAME/OBJECT OUT/NAME/theirs and OUT/NAME/ours tell what comes of it: status and err are the tool's, the rest
# is the reference's word: what it shows, programs.json and maps.json, what it dumps, programs/NAME,
# maps/NAME and btf, and what PROGS prints, progs. OUT/release is the kernel's, and OUT/kprobes is there if it has
# kprobes. Maps are pinned below a directory of their own, unless
# OBJECT.pinned is there: of such objects some maps say themselves where they are to be pinned. What is
# in OUT already stays as it is.
reference=$1 tool=$2 progs=$3 out=$4; shift 4
mkdir -p "$out"
bpf=/sys/fs/bpf

# load TOOL OBJECT - into a fresh bpffs; what comes of it is told in the working directory.
load() {
	rm -rf programs maps; mkdir programs maps
	mount -t bpf bpf $bpf
	pinmaps="pinmaps $bpf/maps"
	[ ! -e "$2.pinned" ] || pinmaps=
	timeout 120 "$1" prog loadall "$2" $bpf/programs $pinmaps > out 2> err
	status=$?
	[ $status != 0 ] || tell
	umount -l $bpf # what is pinned goes with it
	echo $status > status
}

# tell says what is pinned.
tell() {
	cat $list/programs > progs
	"$reference" -j -f prog show > programs.json 2> /dev/null
	"$reference" -j -f map show > maps.json 2> /dev/null
	for p in $bpf/programs/*; do
		[ ! -e "$p" ] || "$reference" prog dump xlated pinned "$p" file "programs/${p##*/}" > /dev/null 2>&1
	done
	for m in $bpf/maps/* $bpf/*; do
		case $m in *.debug) continue;; esac # are those of every bpffs
		[ ! -f "$m" ] || timeout 20 "$reference" map dump pinned "$m" 2>&1 | head -c 200000 > "maps/${m##*/}"
	done
	btf=$(tr '{' '\n' < programs.json | grep -F "\"$bpf/programs/" | sed -n 's/.*"btf_id":\([0-9]*\).*/\1/p' | head -n 1)
	[ -z "$btf" ] || "$reference" btf dump id "$btf" > btf 2>&1
}

uname -r > "$out/release"
[ ! -e /sys/bus/event_source/devices/kprobe ] || : > "$out/kprobes"
list=$(mktemp -d) && mount -t bpf bpf "$list" && "$reference" iter pin "$progs" "$list/programs" || exit
for object in "$@"; do
	name=${object%/*}; name=${name##*/}
	for side in theirs ours; do
		mkdir -p "$out/$name/$side"; cd "$out/$name/$side" || exit
		[ ! -e status ] || continue
		case $side in theirs) load "$reference" "$object";; ours) load "$tool" "$object";; esac
	done
done
umount -l "$list"; rmdir "$list"
