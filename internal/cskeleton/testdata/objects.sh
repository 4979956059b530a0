#!/bin/sh
# objects.sh - make the object of this folder anew, with $CLANG and $STRIP.
set -eu
cd "$(dirname "$0")"
"${CLANG:-clang-19}" -g -O2 -Wall -Wno-missing-braces -target bpfel -mcpu=v3 -ffile-prefix-map="$PWD=." -c hard.bpf.c -o hard.bpf.o
"${STRIP:-llvm-strip-19}" --strip-debug hard.bpf.o
