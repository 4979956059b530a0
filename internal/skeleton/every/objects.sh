#!/bin/sh
# objects.sh - make the objects anew, with $CLANG and $STRIP, and their skeletons. A library and what it is a part of
# are linked into the whole by the linker of the reference, $BPFTOOL.
set -eu
cd "$(dirname "$0")"
for name in every hooks usdt library main; do
	"${CLANG:-clang-19}" -g -O2 -Wall -Wno-missing-declarations -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86 -I"/usr/include/$(uname -m)-linux-gnu" \
		-ffile-prefix-map="$PWD=." -c "$name.bpf.c" -o "$name.bpf.o"
	"${STRIP:-llvm-strip-19}" --strip-debug "$name.bpf.o"
done
"${BPFTOOL:-../../../.lab/reference/bpftool}" gen object whole.bpf.o main.bpf.o library.bpf.o
rm main.bpf.o
go generate .
