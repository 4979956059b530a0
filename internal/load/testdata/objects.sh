#!/bin/sh
# objects.sh - make the objects of this folder anew, with $CLANG and $STRIP.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19}
for source in *.bpf.c; do
	"$CLANG" -g -O2 -Wall -target bpfel -mcpu=v3 -I"/usr/include/$(uname -m)-linux-gnu" \
		-ffile-prefix-map="$PWD=." -c "$source" -o "${source%.c}.o"
	"$STRIP" --strip-debug "${source%.c}.o"
done
