#!/bin/sh
# objects.sh - make the objects of this folder anew, of both byte orders, with $CLANG and $STRIP; that with
# jumps over a table with $CLANG_JUMPS, which must be clang 22, and is left as it is without it.
# Where $BPFTOOL, the reference, is there it joins two of them, as nothing else does.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} CLANG_JUMPS=${CLANG_JUMPS:-clang-22} STRIP=${STRIP:-llvm-strip-19} BPFTOOL=${BPFTOOL:-../../../.lab/reference/bpftool}
for source in *.bpf.c; do
	name=${source%.bpf.c} clang=$CLANG options=-g cpu=v3
	case $name in
	legacy) options= ;;
	arena) cpu=v4 ;;
	jumps)
		command -v "$CLANG_JUMPS" > /dev/null || continue
		clang=$CLANG_JUMPS cpu=v4 options="-g -mllvm -bpf-min-jump-table-entries=4"
		;;
	esac
	for order in el eb; do
		"$clang" $options -O2 -Wall -target bpf$order -mcpu=$cpu -I"/usr/include/$(uname -m)-linux-gnu" \
			-ffile-prefix-map="$PWD=." -c "$source" -o "$name.bpf$order.o"
		"$STRIP" --strip-debug "$name.bpf$order.o"
	done
done
if [ -x "$BPFTOOL" ]; then
	for order in el eb; do
		"$BPFTOOL" gen object linked.bpf$order.o calls.bpf$order.o slots.bpf$order.o library.bpf$order.o
	done
fi
