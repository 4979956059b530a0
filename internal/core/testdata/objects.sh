#!/bin/sh
# objects.sh - make the objects of this folder anew, of both byte orders, and the types of kernels, with $CLANG,
# $STRIP and $OBJCOPY.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19} OBJCOPY=${OBJCOPY:-llvm-objcopy-19}
for order in el eb; do
	for source in *.bpf.c; do
		"$CLANG" -g -O2 -Wall -Wno-visibility -target bpf$order -mcpu=v3 -ffile-prefix-map="$PWD=." -c "$source" -o "${source%.bpf.c}.bpf$order.o"
		"$STRIP" --strip-debug "${source%.bpf.c}.bpf$order.o"
	done
	for source in *.kernel.c; do
		"$CLANG" -g -O0 -Wall -Wno-gnu-variable-sized-type-not-at-end -target bpf$order -c "$source" -o kernel.o
		"$OBJCOPY" --dump-section ".BTF=${source%.kernel.c}.bpf$order.btf" kernel.o /dev/null
		rm kernel.o
	done
done
