#!/bin/sh
# objects.sh - make the objects of this folder anew, with $CLANG and $STRIP, and the program whose
# functions some of them probe.
#
# vmlinux.h is made of the types of the running kernel, by gobpftool, and is not kept.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19}
TMP=$(mktemp -d); trap 'rm -rf "$TMP"' EXIT
(cd ../.. && go run ./cmd/gobpftool btf dump file /sys/kernel/btf/vmlinux format c) > "$TMP/vmlinux.h"
for source in *.bpf.c; do
	name=${source%.bpf.c}
	"$CLANG" -g -O2 -Wall -Wno-missing-declarations -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86 -I"$TMP" \
		-I"/usr/include/$(uname -m)-linux-gnu" -ffile-prefix-map="$PWD=." -ffile-prefix-map="$TMP=." -c "$source" -o "$name.o"
	"$STRIP" --strip-debug "$name.o"
done
"$CLANG" -O2 -Wall -target x86_64-linux-gnu -static -nostdlib -fno-stack-protector -fno-asynchronous-unwind-tables \
	-Wl,--build-id=none -Wl,-z,noseparate-code -o gobpftool-target target.c
"$STRIP" --strip-debug gobpftool-target
