#!/bin/sh
# objects.sh - make the objects of this folder anew, of both byte orders, with $CLANG and $STRIP.
set -eu
cd "$(dirname "$0")"
for order in el eb; do
	"${CLANG:-clang-19}" -g -O2 -Wall -target bpf$order -ffile-prefix-map="$PWD=." -c values.bpf.c -o values.bpf$order.o
	"${STRIP:-llvm-strip-19}" --strip-debug values.bpf$order.o
done
