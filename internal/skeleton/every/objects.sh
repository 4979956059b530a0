#!/bin/sh
# objects.sh - make the object anew, with $CLANG and $STRIP, and its skeleton.
set -eu
cd "$(dirname "$0")"
"${CLANG:-clang-19}" -g -O2 -Wall -Wno-missing-declarations -target bpfel -mcpu=v3 -I"/usr/include/$(uname -m)-linux-gnu" \
	-ffile-prefix-map="$PWD=." -c every.bpf.c -o every.bpf.o
"${STRIP:-llvm-strip-19}" --strip-debug every.bpf.o
go generate .
