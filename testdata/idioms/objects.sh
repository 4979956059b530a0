#!/bin/sh
# objects.sh - make the objects of this folder anew, with $CLANG and $STRIP. What is called linked_* is
# one object in the end, by the linker of the reference, $BPFTOOL.
#
# vmlinux.h is made of the types of the running kernel, by gobpftool, and is not kept.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19} BPFTOOL=${BPFTOOL:-../../.lab/reference/bpftool}
TMP=$(mktemp -d); trap 'rm -rf "$TMP"' EXIT
(cd ../.. && go run ./cmd/gobpftool btf dump file /sys/kernel/btf/vmlinux format c) > "$TMP/vmlinux.h"
for source in *.bpf.c; do
	name=${source%.bpf.c}
	"$CLANG" -g -O2 -Wall -Wno-missing-declarations -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86 -I"$TMP" \
		-I"/usr/include/$(uname -m)-linux-gnu" -ffile-prefix-map="$PWD=." -ffile-prefix-map="$TMP=." -c "$source" -o "$name.o"
	"$STRIP" --strip-debug "$name.o"
done
"$BPFTOOL" gen object linked.o linked_one.o linked_two.o
rm linked_one.o linked_two.o
