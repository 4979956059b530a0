#!/bin/sh
# objects.sh - make the objects anew, with $CLANG and $STRIP, and their skeletons.
set -eu
cd "$(dirname "$0")"
for name in every hooks usdt; do
	"${CLANG:-clang-19}" -g -O2 -Wall -Wno-missing-declarations -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86 -I"/usr/include/$(uname -m)-linux-gnu" \
		-ffile-prefix-map="$PWD=." -c "$name.bpf.c" -o "$name.bpf.o"
	"${STRIP:-llvm-strip-19}" --strip-debug "$name.bpf.o"
done
go generate .
