#!/bin/sh
# objects.sh - make the objects of this folder anew, of both byte orders, with $CLANG and $STRIP.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-19} STRIP=${STRIP:-llvm-strip-19}
for order in el eb; do
	"$CLANG" -g -O2 -Wall -target bpf$order -mcpu=v2 -I"/usr/include/$(uname -m)-linux-gnu" \
		-ffile-prefix-map="$PWD=." -c profile.bpf.c -o profile.bpf$order.o
	"$STRIP" --strip-debug profile.bpf$order.o
done
